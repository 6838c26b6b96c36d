"""HTML pages that a person looks at: what was removed and why, which copies match, how a job went."""
