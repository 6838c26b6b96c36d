"""The command ``winnow``: parse, call, print."""
