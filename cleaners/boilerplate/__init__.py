"""Rules that vote on blocks, and the one file that weighs the votes (``decide``)."""
