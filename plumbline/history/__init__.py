"""The history of leads: its tables, its snapshots on disk, how it is opened and how it is built."""
