"""A page to blocks, labels and metadata. The HTML parsers live here, and nowhere else."""
