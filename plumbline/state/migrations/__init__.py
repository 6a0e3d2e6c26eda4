"""The steps from one version of the store to the next. Run by plumbline/state/migrate.py alone, which passes the connection."""
