"""The line to the terminal: what is written no faster than it is taken, what is read, and leaving it for a while."""
