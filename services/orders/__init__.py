"""What can be ordered, and the plan of an order: pure. Planned by the server, declared for console and server alike."""
