"""What is read of AWS: one session, one function that fans out, one collector a concern."""
