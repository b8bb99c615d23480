"""The sandbox: an embedded AWS and internal API, each a process of its own, with a seeded fleet.

Nothing imports it; whoever wants one starts ``python -m services.sandbox``.
"""
