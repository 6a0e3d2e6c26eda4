"""The independent slow oracle: what docs/meaning.md, docs/leaks.md and docs/definitions.md say, again, in plain Python, one small function per rule.

It shares no code with plumbline, and is written without looking at it. Where it and the product differ, one of them
is wrong about the page.
"""
