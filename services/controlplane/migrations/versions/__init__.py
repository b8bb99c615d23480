"""A file each, in order. What a revision does is never changed once it was released; a new one comes after it."""
