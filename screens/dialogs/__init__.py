"""What opens over a screen and is left with Esc."""
