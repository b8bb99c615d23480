"""The reference internal API: what a vendor without a tenant registry of its own runs. Needs the extra ``server``."""
