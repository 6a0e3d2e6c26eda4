"""The weekly review: parts of the screen. The value that they draw is plumbline/meeting/week.py's, the sentences plumbline/words'."""
