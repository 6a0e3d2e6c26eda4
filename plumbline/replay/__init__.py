"""Replays a definition over history as it was known then."""
