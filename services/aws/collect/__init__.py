"""The collectors: each asks one operation in one account and region and turns its records into nouns."""
