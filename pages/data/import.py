"""Bring in a history: is every row accounted for?"""

from plumbline.ui import text

text.headline("Import")
