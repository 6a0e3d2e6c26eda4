"""The project explains itself: every page that one of its files names is one of its pages, the section named beside it too."""

from __future__ import annotations

import re

from tests.guards.tree import ROOT, kept_files

_NAMED = re.compile(r"(?<![\w}.*{-])((?:[\w.-]+/)*[\w-]+\.md)\b(?:\)?,? +\"([A-Z][^\"\n]+)\"((?:, \"[A-Z][^\"\n]+\")*))?")
_ELSEWHERE = re.compile(r"shared/design|/work/")  # no folder of a machine
_TEXTS = (".py", ".md", ".sql", ".yaml", ".yml", ".toml", ".in", ".cfg", ".txt", "")


def texts() -> dict[str, str]:
    found = {}
    for path in kept_files():
        name = path.relative_to(ROOT).as_posix()
        if path.suffix in _TEXTS and not name.startswith("sample_data/history"):
            try:
                found[name] = path.read_text(encoding="utf-8")
            except UnicodeDecodeError:
                continue
    return found


def headings(page: str) -> set[str]:
    """The titles of its sections, without what stands in brackets behind."""
    return {re.sub(r" \(.*", "", line.lstrip("#").strip()) for line in page.splitlines() if line.startswith("#")}


def said(text: str) -> str:
    """A text with its broken lines put together, as comments and docstrings break them."""
    return re.sub(r"\n[#\s-]*", " ", text)


def test_every_page_that_is_named_is_here() -> None:
    files = texts()
    pages = {name.rsplit("/", 1)[-1]: text for name, text in files.items() if name.endswith(".md")}
    lost = []
    for name, text in files.items():
        for page, section, more in _NAMED.findall(said(text)):
            base = page.rsplit("/", 1)[-1]
            if base not in pages:
                lost.append(f"{name} names {page}")
            elif section:
                wanted = [section, *re.findall(r'"([^"]+)"', more)]
                lost += [
                    f"{name} names {page}, {one!r}" for one in wanted if one not in {re.sub(r" \(.*", "", head) for head in headings(pages[base])}
                ]
    assert not lost, "\n" + "\n".join(lost)


def test_no_file_names_a_folder_of_a_machine() -> None:
    here = "tests/guards/test_named_pages.py"
    assert [name for name, text in texts().items() if name != here and _ELSEWHERE.search(text)] == []


def test_lines_of_the_pages_fit_a_screen() -> None:
    """Rows of tables apart."""
    pages = {name: text for name, text in texts().items() if name.startswith("docs/") and name.endswith(".md")}
    long = [f"{name}, line {n}" for name, text in pages.items() for n, line in enumerate(text.splitlines(), 1) if len(line) > 150 and line[:1] != "|"]
    assert pages
    assert not long, "\n" + "\n".join(long)
