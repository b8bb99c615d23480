"""What is looked at, a file each: a function that makes ``Check`` values for the operations that it concerns."""
