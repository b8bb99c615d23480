"""Telling others what becomes due or breached: what is new, as a message, to a webhook or a topic, at least once."""
