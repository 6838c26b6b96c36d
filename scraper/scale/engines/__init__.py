"""Where tasks are carried out: here in processes, by Daft, or on a Ray cluster."""
