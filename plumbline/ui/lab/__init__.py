"""The Definition lab: the draft on the desk, its editor, and what it would have done."""
