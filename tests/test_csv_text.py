"""The pass over a file's bytes: what is no text, on which line, and which encoding it is of."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from plumbline.errors import InputError
from plumbline.importing import csv_text


def _by_hand(content: bytes, size: int) -> tuple[str, int]:
    """(what is wrong, line), or ("", 0). A block of `size` bytes is judged at once."""
    found = []
    try:
        content.decode("utf-8")
    except UnicodeError as problem:
        noticed = {"unexpected end of data": len(content), "invalid continuation byte": problem.end}.get(problem.reason, problem.start)
        found.append((noticed, 0, "not valid UTF-8", _line(content[: problem.start])))
    if b"\0" in content:
        at = content.index(b"\0")
        found.append((at, 1, "holds a NUL byte: this is no text table", _line(content[:at])))
    return min(((at // size if at < len(content) else len(content), order, what, line) for at, order, what, line in found), default=(0, 0, "", 0))[2:]


def _line(before: bytes) -> int:
    """The line on which what comes after `before` stands."""
    return 1 + before.count(b"\n") + before.count(b"\r") - before.count(b"\r\n")


@pytest.mark.parametrize("size", [4, 7, 64])
def test_files_are_judged_as_python_does(size: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_text, "BLOCK", size)
    draw = random.Random(size)
    pieces = [b"a", b"bc,", b"\n", b"\n\n", "ä".encode(), "中".encode(), "😀".encode()]
    rare = [b'"', b"\r\n", b"\r", b"\0", b"\xff", b"\xc3"]
    path = tmp_path / "a.csv"
    for _ in range(600):
        content = b"".join(draw.choice(rare if draw.random() < 0.02 else pieces) for _ in range(draw.randrange(1, 40)))
        if draw.random() < 0.2:
            content = b"\xef\xbb\xbf" + content
        if not content.strip():
            continue
        path.write_bytes(content)
        assert _said(path, tmp_path, "") == _by_hand(content, size), content


def _said(path: Path, workspace: Path, encoding: str) -> tuple[str, int]:
    try:
        csv_text.as_utf8(path, path.read_bytes()[:4096], workspace, encoding)
    except InputError as problem:
        return problem.what, int(problem.where.rsplit(" ", 1)[1])
    return "", 0


@pytest.mark.parametrize("size", [6, 14, 1 << 18])
@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-16"])
def test_lines_of_utf_16_are_counted_in_what_was_decoded(encoding: str, size: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """U+0A0A has the bytes of two line ends, U+0D0A those of one."""
    monkeypatch.setattr(csv_text, "BLOCK", size)
    draw = random.Random(size)
    path = tmp_path / "a.csv"
    for _ in range(60):
        text = "".join(draw.choice(["a", "\u0a0a", "\u0d0a", "\n", "\r\n", "\r", "😀", ","]) for _ in range(draw.randrange(1, 60)))
        lone = b"\xd8\x00" if encoding == "utf-16-be" else b"\x00\xd8"  # half of a pair, which is no letter
        path.write_bytes(text.encode(encoding) + lone + "b".encode("utf-16-le" if encoding == "utf-16" else encoding))
        assert _said(path, tmp_path, encoding) == (f"not valid {encoding.upper()}", _line(text.encode())), text


@pytest.mark.parametrize(
    ("content", "encoding", "is_read_as_utf_8"),
    [
        ("rep\nMüller\n".encode(), "cp1252", True),
        ("rep\nMüller\n".encode("cp1252"), "cp1252", False),
        (b"rep\nMuller\n", "cp1252", False),
        (b"\xef\xbb\xbfrep\nMuller\n", "latin-1", True),
        (b"rep\nMuller\n", "utf-16", True),
        ("rep\nMüller\n".encode("utf-16-le"), "utf-16-le", False),
        ("rep\n日本\n".encode("shift_jis"), "shift_jis", False),
        ("rep\n日本\n".encode(), "shift_jis", True),
        ("rep\n日本\n".encode("iso2022_jp"), "iso2022_jp", False),
    ],
)
def test_a_file_that_is_utf_8_under_another_name_is_read_as_utf_8_and_said(
    content: bytes, encoding: str, is_read_as_utf_8: bool, tmp_path: Path
) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    text_path, note = csv_text.as_utf8(path, content, tmp_path, encoding)
    assert bool(note) == is_read_as_utf_8
    expected = content if is_read_as_utf_8 else content.decode(encoding).encode()
    assert text_path.read_bytes() == expected


def test_a_file_with_the_mark_of_utf_16_is_not_read_as_another_encoding(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("rep\nMüller\n".encode("utf-16"))
    with pytest.raises(InputError, match="the file is UTF-16, not cp1252"):
        csv_text.as_utf8(path, path.read_bytes(), tmp_path, "cp1252")
