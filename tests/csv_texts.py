"""Random CSV files of touches, as people and exports spoil them: quotes, line ends, marks, fields too many, cells that cannot be read."""

from __future__ import annotations

import random

HEADER = ("lead_id", "channel", "occurred_at", "rep_id", "outcome", "is_automated", "event_id")
_CELLS = {
    "lead_id": ["L1", "L2", "L3", " L1", "\ufeffL1", "L\u200b2", "l1", "", "X9", "L1\u2060", '"L1"', "Ł4"],
    "channel": ["call", "email", "meeting", "fax", "Call", "", "call "],
    "occurred_at": [
        "2026-01-05",
        "2026-01-05T10:00:00Z",
        "2026-01-05 10:00",
        "2026-01-05T10:00:00 +05:30",
        "2050-01-01",
        "5/1/2026",
        "",
        "20260105T10",
    ],
    "rep_id": ["r1", "Müller", "", "  a  b ", "日本", "O'Neil", "a\tb", "r\u00a01"],
    "outcome": ["connected", "no_answer", "", "maybe"],
    "is_automated": ["true", "FALSE", "1", "", "perhaps", "yes "],
    "event_id": ["", "", "", "e1", "e2"],
}


def touches(draw: random.Random) -> str:
    """A whole file; most of its rows are sound."""
    header = list(HEADER)
    if draw.random() < 0.5:
        header = ["lead_id", "channel", "occurred_at", *draw.sample(header[3:], draw.randrange(5))]
    draw.shuffle(header)
    end = draw.choice(["\n", "\n", "\r\n", "\r"])
    is_mixed, is_quoted, is_longer = draw.random() < 0.2, draw.random() < 0.2, draw.random() < 0.1
    rows = [",".join(header)]
    spoilt = draw.choice([0.0, 0.0, 0.1, 0.4])
    for _ in range(draw.choice([1, 3, 8, 30])):
        cells = [_written(draw.choice(_CELLS[name][: 2 if draw.random() < 0.7 else None]), draw, is_quoted) for name in header]
        row = ",".join(cells) + ("," if is_longer else "")
        rows.append(_spoilt(row, draw) if draw.random() < spoilt else row)
        if draw.random() < 0.05:
            rows.append("")
    ends = [draw.choice(["\n", "\r\n", "\r"]) if is_mixed else end for _ in rows]
    text = "".join(row + mark for row, mark in zip(rows, ends, strict=True))
    text = text.removesuffix(ends[-1]) if draw.random() < 0.2 else text
    return ("\ufeff" if draw.random() < 0.1 else "") + text


def _written(cell: str, draw: random.Random, is_quoted: bool) -> str:
    if is_quoted or any(mark in cell for mark in ',"\r\n') or draw.random() < 0.05:
        cell = cell + draw.choice(["", "", "\n", "\r\nx", '"'] if draw.random() < 0.1 else [""])
        return '"' + cell.replace('"', '""') + '"'
    return cell


def _spoilt(row: str, draw: random.Random) -> str:
    kind = draw.randrange(8)
    at = draw.randrange(len(row) + 1)
    if kind == 0:
        return row + "," * draw.choice([1, 1, 2, 5, 50])
    if kind == 1:
        return row + ",x"
    if kind == 2:
        return row.rpartition(",")[0]
    if kind == 3:
        return row[:at] + '"' + row[at:]
    if kind == 4:
        return row[:at] + '""' + row[at:]
    if kind == 5:
        return "\ufeff" + row
    if kind == 6:
        return row.replace(",", ',"a"b,', 1)
    return row[:at] + draw.choice([",", "\n", "\r", '"\n', " ", "\u200b"]) + row[at:]
