"""What was written down or learned about one site: rules, their votes, its template."""
