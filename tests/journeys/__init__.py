"""Journeys of a person in a real pseudo-terminal."""
