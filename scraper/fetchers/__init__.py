"""Addresses and files to pages. The sockets and the browser live here, and nowhere else."""
