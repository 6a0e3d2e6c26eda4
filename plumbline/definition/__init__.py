"""The definition of a qualified lead: what it may say, how it is read, checked, written and said in English."""

from plumbline.definition.model import ActivityRule, Definition, FieldRule, Points
from plumbline.definition.parse import load, parse
from plumbline.definition.write import to_yaml

__all__ = ["ActivityRule", "Definition", "FieldRule", "Points", "load", "parse", "to_yaml"]
