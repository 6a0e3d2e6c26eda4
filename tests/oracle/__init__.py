"""The independent slow oracle: ../shared/design/METRICS.md and CLI.md again, in plain Python, one small function per rule.

It shares no code with plumbline, and is written without looking at it. Where it and the product differ, one of them
is wrong about the page.
"""
