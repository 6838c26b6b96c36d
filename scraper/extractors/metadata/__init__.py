"""What is known about an article besides its text, each value with where it stood."""
