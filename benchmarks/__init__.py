"""Measures what design promises: `make bench`. Ratios within one run count, absolute seconds drift between machines."""
