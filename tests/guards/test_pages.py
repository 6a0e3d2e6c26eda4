"""Pages lie in pages/<group>/: a .py directly in pages/ puts Streamlit into its old mode, where a deep link skips app.py."""

from __future__ import annotations

from collections.abc import Iterable

from tests.guards.tree import ROOT, kept_files


def misplaced_pages(names: Iterable[str]) -> list[str]:
    """Faults of the page files, given by their paths."""
    pages = sorted(name for name in names if name.startswith("pages/") and name.endswith(".py"))
    faults = [f"{name}: must lie in pages/<group>/" for name in pages if name.count("/") != 2]
    by_stem: dict[str, str] = {}
    for name in pages:
        stem = name.rsplit("/", 1)[1]
        if stem != "__init__.py" and by_stem.setdefault(stem, name) != name:
            faults.append(f"{name}: its name is its address, and {by_stem[stem]} has it already")
    return faults


def test_pages_lie_in_groups_under_names_of_their_own() -> None:
    assert misplaced_pages(path.relative_to(ROOT).as_posix() for path in kept_files()) == []


def test_a_misplaced_page_is_seen() -> None:
    assert misplaced_pages(["pages/funnel.py"])
    assert misplaced_pages(["pages/a/b/funnel.py"])
    assert misplaced_pages(["pages/explore/funnel.py", "pages/agree/funnel.py"])
    assert misplaced_pages(["pages/explore/funnel.py", "pages/agree/rules.py", "pages/README.md"]) == []
