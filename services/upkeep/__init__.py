"""Keeping the registry: what a file would change in it, and where it and AWS differ."""
