"""HTML pages that a person looks at: what was removed and why, what matched, how a job went."""
