"""The rules of CSV, letter by letter: which records a text has, and what is wrong with them. Slow, and apart from what it is held against."""

from __future__ import annotations

from dataclasses import dataclass, field

MARK = "\ufeff"


@dataclass
class Record:
    """One record: its line, its cells, and whether text follows a closing quote."""

    line: int
    cells: list[str] = field(default_factory=list)
    is_spoilt: bool = False


def records(text: str, delimiter: str = ",") -> list[Record] | None:
    """All records, blank lines apart; None where a quote is never closed."""
    found: list[Record] = []
    at, line = 0, 1
    while at < len(text):
        start = line
        while text.startswith(MARK, at):
            at += 1
        if at >= len(text):
            break
        if text[at] in "\r\n":
            at += 2 if text.startswith("\r\n", at) else 1
            line += 1
            continue
        record = Record(start)
        while True:
            cell, state = "", "start"
            while at < len(text):
                letter = text[at]
                if state == "quoted":
                    if text.startswith('""', at):
                        cell, at = cell + '"', at + 2
                        continue
                    if letter == '"':
                        state = "closed"
                    else:
                        line += letter == "\n" or (letter == "\r" and not text.startswith("\r\n", at))
                        cell += letter
                    at += 1
                    continue
                if letter in (delimiter, "\r", "\n"):
                    break
                if letter == '"' and state == "start":
                    state = "quoted"
                else:
                    record.is_spoilt |= state == "closed"
                    state, cell = "plain", cell + letter
                at += 1
            if state == "quoted":
                return None
            record.cells.append(cell)
            if at < len(text) and text[at] == delimiter:
                at += 1
                continue
            break
        if at < len(text):
            at += 2 if text.startswith("\r\n", at) else 1
            line += 1
        found.append(record)
    return found


def account(text: str, delimiter: str = ",") -> tuple[list[list[str]], list[tuple[int, str]]] | None:
    """(cells of the records kept, (line, reason) of those left out) below the header."""
    if (found := records(text, delimiter)) is None:
        return None
    header, *rest = found
    width = len(header.cells)
    is_longer = bool(rest) and all(len(r.cells) == width + 1 and not r.cells[-1] and not r.is_spoilt for r in rest)
    kept, left_out = [], []
    for record in rest:
        if record.is_spoilt:
            left_out.append((record.line, "has text after a closing quote"))
        elif len(record.cells) < width:
            left_out.append((record.line, "has fewer fields than the header"))
        elif len(record.cells) > width and not is_longer:
            left_out.append((record.line, "has more fields than the header"))
        else:
            kept.append(record.cells[:width])
    return kept, left_out
