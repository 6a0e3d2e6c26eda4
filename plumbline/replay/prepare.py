"""The columns that every replay reads: made at import, written beside the snapshot, mapped into memory when the lab opens.

The file holds nothing that the snapshot does not: where it is missing, damaged or another snapshot's, the columns are made anew.

    ID.replay    a line of JSON (snapshot, arrays: name, dtype, length, offset, crc32; names of activities and changed fields), then the arrays
"""

from __future__ import annotations

import json
import os
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from plumbline.history.snapshots import PREPARED
from plumbline.replay.kernel import in_order_of_knowing
from plumbline.sqlfiles import sql

_FORMAT = 1
_ALIGNED = 64
Query = Callable[[str], pl.DataFrame]


@dataclass(frozen=True)
class Events:
    """Acts and changes of attributes by lead (its index), then by when they became known. Microseconds since 1970 UTC.

    `late_at[lead]`: where the known-times of its acts begin in `late_known`; -1: all were known when they happened.
    `lead_kinds`: mask of the kinds of a lead's acts (bit 63: all kinds from 63 on). `change_row`: the change's row_no.
    """

    lead_no: np.ndarray  # (leads) int32, ascending
    created: np.ndarray  # (leads) int64
    offsets: np.ndarray  # (leads + 1) int64 into kind, occurred
    kind: np.ndarray  # uint8, or uint16 past 255 kinds
    occurred: np.ndarray  # int64
    late_at: np.ndarray  # (leads) int64
    late_known: np.ndarray  # int64
    lead_kinds: np.ndarray  # (leads) uint64
    change_offsets: np.ndarray  # (leads + 1) int64 into the next three
    change_known: np.ndarray  # int64
    change_field: np.ndarray  # int16, index into changed_fields
    change_row: np.ndarray  # int64
    kinds: tuple[str, ...]
    changed_fields: tuple[str, ...]


_ARRAYS = [name for name, kind in Events.__annotations__.items() if "ndarray" in str(kind)]


def events(query: Query) -> Events:
    """Makes the columns of a history. `query`: runs one statement on it."""
    leads = query(sql("replay/leads"))
    lead_no = leads["lead_no"].to_numpy().astype(np.int32)
    created = np.ascontiguousarray(leads["created_us"].to_numpy(), np.int64)
    index_of = index_by_number(lead_no)
    kinds = tuple(query(sql("replay/activity_kinds"))["activity"].to_list())
    acts = query(sql("replay/activities"))
    kind = acts["activity"].cast(pl.Enum(kinds)).to_physical().to_numpy().astype(np.uint8 if len(kinds) <= 255 else np.uint16)
    occurred = acts["occurred_us"].to_numpy().astype(np.int64)
    every = np.arange(len(lead_no) + 1, dtype=np.int32)
    offsets = np.searchsorted(index_of[acts["lead_no"].to_numpy()], every).astype(np.int64)
    del acts
    late = query(sql("replay/late_activities"))
    late_row, late_us = (late[name].to_numpy().astype(np.int64) for name in ("row_no", "known_us"))
    late_at, lead_kinds = np.full(len(lead_no), -1, np.int64), np.zeros(len(lead_no), np.uint64)
    late_known = in_order_of_knowing(created, offsets, kind, occurred, late_row, late_us, late_at, lead_kinds)
    rows = query(sql("replay/lead_changes"))
    changed_fields = tuple(sorted(rows["field"].cast(pl.String).unique().to_list()))
    lead = index_of[rows["lead_no"].to_numpy()]
    known = np.maximum(rows["known_us"].to_numpy(), created[lead])
    order = np.lexsort((rows["row_no"].to_numpy(), rows["occurred_us"].to_numpy(), known, lead))
    return Events(
        lead_no=lead_no,
        created=created,
        offsets=offsets,
        kind=kind,
        occurred=occurred,
        late_at=late_at,
        late_known=late_known,
        lead_kinds=lead_kinds,
        change_offsets=np.searchsorted(lead[order], every).astype(np.int64),
        change_known=known[order].astype(np.int64),
        change_field=rows["field"].cast(pl.Enum(changed_fields)).to_physical().to_numpy().astype(np.int16)[order],
        change_row=rows["row_no"].to_numpy().astype(np.int64)[order],
        kinds=kinds,
        changed_fields=changed_fields,
    )


def index_by_number(lead_no: np.ndarray) -> np.ndarray:
    """lead_no -> index of the lead; -1 for numbers of leads that are not there."""
    index_of = np.full(int(lead_no[-1]) + 1 if len(lead_no) else 1, -1, np.int32)
    index_of[lead_no] = np.arange(len(lead_no), dtype=np.int32)
    return index_of


def path_of(snapshot_file: Path) -> Path:
    return snapshot_file.with_suffix(PREPARED)


def write(made: Events, snapshot: str, path: Path) -> None:
    """Writes the columns of `snapshot`, whole or not at all. Raises OSError."""
    arrays, at = [], 0
    for name in _ARRAYS:
        array = np.ascontiguousarray(getattr(made, name))
        arrays.append((name, array, at))
        at += -(-array.nbytes // _ALIGNED) * _ALIGNED
    told = {
        "format": _FORMAT,
        "snapshot": snapshot,
        "kinds": made.kinds,
        "changed_fields": made.changed_fields,
        "arrays": [[name, array.dtype.str, len(array), offset, zlib.crc32(array.view(np.uint8))] for name, array, offset in arrays],
    }
    head = json.dumps(told, ensure_ascii=False).encode()
    head += b" " * (-(len(head) + 1) % _ALIGNED) + b"\n"
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with aside.open("wb") as out:
            out.write(head)
            for _, array, offset in arrays:
                out.seek(len(head) + offset)
                out.write(array.view(np.uint8).data)
            out.truncate(len(head) + at)
        os.replace(aside, path)
    finally:
        aside.unlink(missing_ok=True)


def read(path: Path, snapshot: str) -> Events | None:
    """The columns of `snapshot`, mapped; None where the file is missing, another's, of another format or damaged."""
    try:
        with path.open("rb") as file:
            head = file.readline(1 << 26)
        told = json.loads(head)
        if (told["format"], told["snapshot"]) != (_FORMAT, snapshot):
            return None
        whole = np.memmap(path, np.uint8, "r", offset=0)
        found = {}
        for name, dtype, length, offset, crc in told["arrays"]:
            begin = len(head) + offset
            part = whole[begin : begin + length * np.dtype(dtype).itemsize]
            if zlib.crc32(part) != crc:
                return None
            found[name] = part.view(dtype)
            if len(found[name]) != length:
                return None
        return Events(**found, kinds=tuple(told["kinds"]), changed_fields=tuple(told["changed_fields"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None
