"""Orders carried out: the only code that writes to AWS."""
