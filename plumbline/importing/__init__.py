"""From files to canonical tables: what was seen, what was kept, and why the rest was not."""
