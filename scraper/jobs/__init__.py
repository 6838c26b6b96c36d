"""A job: settings, ledger, run, report. The only place where the stages are tied together."""
