"""Measurements, each beside its floor or its peer in the same run. Not part of the tests: they take time to be fair.

A figure is a module in ``tests.bench.figures``: its docstring says how it is measured, its ``measure()`` yields
``Measured``. Nothing else has to be told of it.
"""
