"""Sentences from values: the same on screens, in minutes and in reports. No screen here, no query."""
