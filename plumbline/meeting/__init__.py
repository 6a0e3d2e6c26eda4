"""The weekly meeting of both teams: what a week shows, what was decided, whether it helped, and the minutes."""
