"""Plumbline: where leads leak between marketing and sales, and a straight line between them."""

__version__ = "0.1.0"

from plumbline.compiled import find_a_place

find_a_place()
