"""What every fault leaves known: the matrix of faults against the real services, ``make matrix``."""
