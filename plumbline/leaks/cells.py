"""Which value of each attribute every pass opened with, as small numbers: the segments among which leaks are looked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from plumbline import hindsight
from plumbline.history.connection import History
from plumbline.sqlfiles import sql

NAMED = ("source", "campaign", "industry", "size_band", "region", "role", "seniority", "team", "rep")  # looked at however many values they have
MOST_VALUES = 50  # of any further attribute
_CODES = 254  # more values of a named one: the rarest are put together and are no segment
UNKNOWN = 0
OTHERS = 255


@dataclass(frozen=True)
class Cells:
    """`codes` (passes, fields) uint8: 0 where the value is not known, 255 for the rarest of too many. `labels[f][code]`: the value in words
    ("" for not known); `fields`: their names. Rows are episode_no."""

    fields: tuple[str, ...]
    labels: tuple[tuple[str, ...], ...]
    codes: np.ndarray

    @property
    def sizes(self) -> np.ndarray:
        """(fields) int64: codes in use, those of OTHERS included."""
        return np.array([OTHERS + 1 if len(labels) > _CODES else len(labels) for labels in self.labels], np.int64)

    def are_in(self, episode: np.ndarray, fields: Sequence[int], codes: Sequence[int]) -> np.ndarray:
        """(n) whether each of these passes has all of the values; every one, where none is named."""
        told = np.ones(len(episode), bool)
        for field, code in zip(fields, codes, strict=True):
            told &= self.codes[episode, field] == code
        return told


def cells(history: History) -> Cells:
    """The segments of every pass. An attribute that all passes have alike, or none has, is left out; so is one that only names leads, or one that
    tells how they ended (plumbline/hindsight.py)."""
    withheld = hindsight.withheld(history)
    passes = int(history.query(sql("screens/episode_count"))["n"][0])
    usable = [
        (name, row["field_no"])
        for name, row in history.fields.items()
        if name not in withheld and not row["is_identifier"] and row["n_values"] and (name in NAMED or row["n_values"] <= MOST_VALUES)
    ]
    usable.sort(key=lambda one: (NAMED.index(one[0]) if one[0] in NAMED else len(NAMED), one[0]))
    names, labels, columns = [], [], []
    for name, field_no in usable:
        told = history.query(sql("screens/episode_field"), {"field_no": field_no})
        values = history.query(sql("screens/field_labels"), {"field_no": field_no})
        values = values.join(told.group_by("value_no").len(), on="value_no").sort("len", "value_no", descending=[True, False])
        numbers = values["value_no"].to_numpy()
        known = min(len(numbers), _CODES)
        place = np.zeros(int(numbers.max(initial=0)) + 1, np.uint8)
        place[numbers[:known]] = np.arange(1, known + 1, dtype=np.uint8)
        place[numbers[known:]] = OTHERS
        column = np.zeros(passes, np.uint8)
        column[told["episode_no"].to_numpy()] = place[told["value_no"].to_numpy()]
        if len(np.unique(column)) < 2:
            continue
        names.append(name)
        labels.append(("", *values["label"].to_list()))
        columns.append(column)
    codes = np.ascontiguousarray(np.stack(columns, axis=1)) if columns else np.zeros((passes, 0), np.uint8)
    return Cells(tuple(names), tuple(labels), codes)
