"""What moto lacks or fakes, taught to it: one module per service.

Each has a ``teach`` that changes moto's classes in this process. moto still serialises the answers from AWS's own model
of the service, so that a member which the model does not know never leaves the server.
"""
