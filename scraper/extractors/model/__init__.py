"""The learned reader of pages: what it is given, what it says, what is chosen by that."""
