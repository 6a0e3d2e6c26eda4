"""The Quarterly review: what was signed against what happened, and what to change."""
