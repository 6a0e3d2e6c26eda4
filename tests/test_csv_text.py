"""The one pass over a file's bytes: what is no text, on which line, and how many lines are not blank."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from plumbline.errors import InputError
from plumbline.importing import csv_scan, csv_text


def _by_hand(content: bytes, size: int) -> tuple[str, int]:
    """(what is wrong, line), or ("", lines that are not blank; -1 with quotes or carriage returns). A block of `size` bytes is judged at once."""
    found = []
    try:
        content.decode("utf-8")
    except UnicodeError as problem:
        noticed = {"unexpected end of data": len(content), "invalid continuation byte": problem.end}.get(problem.reason, problem.start)
        found.append((noticed, 0, "not valid UTF-8", 1 + content[: problem.start].count(b"\n")))
    if b"\0" in content:
        at = content.index(b"\0")
        found.append((at, 1, "holds a NUL byte: this is no text table", 1 + content[:at].count(b"\n")))
    if found:
        return min((at // size if at < len(content) else len(content), order, what, line) for at, order, what, line in found)[2:]
    body = content.removeprefix(b"\xef\xbb\xbf")
    return "", -1 if b'"' in body or b"\r" in body else sum(bool(line) for line in body.split(b"\n"))


@pytest.mark.parametrize("size", [4, 7, 64])
def test_files_are_judged_as_python_does(size: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_text, "BLOCK", size)
    draw = random.Random(size)
    pieces = [b"a", b"bc,", b"\n", b"\n\n", "ä".encode(), "中".encode(), "😀".encode()]
    rare = [b'"', b"\r\n", b"\0", b"\xff", b"\xc3"]
    path = tmp_path / "a.csv"
    for _ in range(600):
        content = b"".join(draw.choice(rare if draw.random() < 0.02 else pieces) for _ in range(draw.randrange(1, 40)))
        if draw.random() < 0.2:
            content = b"\xef\xbb\xbf" + content
        if not content.strip():
            continue
        path.write_bytes(content)
        what, number = _by_hand(content, size)
        try:
            found = ("", csv_text.as_utf8(path, content[:4096], tmp_path, "")[1])
        except InputError as problem:
            found = (problem.what, int(problem.where.rsplit(" ", 1)[1]))
        assert found == (what, number), content


def test_the_count_of_the_pass_is_the_scans(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"\xef\xbb\xbfa,b\n\n1,2\n3,4")
    lines = csv_text.as_utf8(path, b"a", tmp_path, "")[1]
    assert lines == 3
    assert csv_scan.scan(path) == csv_scan.scan(path, plain_lines=lines)
