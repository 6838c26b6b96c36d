"""A small world of news sites on this machine, for the demo, the tests and the cassettes."""
