"""What moto lacks or fakes, taught to it: one module per service.

Each has a ``teach`` that changes moto's classes in this process. Long lists of AWS Backup are written here; all other
answers moto serialises from AWS's own model of the service.
"""
