"""The files of the project, for the guards."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CODE = ("app.py", "pages", "plumbline")


@cache
def kept_files() -> tuple[Path, ...]:
    """Every file that git tracks or would track; outside of a clone every file but those of the environment and caches."""
    listed = subprocess.run(["git", "ls-files", "-z", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode == 0 and listed.stdout:
        found = (ROOT / name for name in listed.stdout.split("\0") if name)
    else:
        found = (path for path in ROOT.rglob("*") if not {".git", ".venv", "__pycache__"} & set(path.relative_to(ROOT).parts))
    return tuple(sorted(path for path in found if path.is_file()))


def code_files() -> Iterator[tuple[str, ast.Module]]:
    """Path (relative, with slashes) and syntax tree of each Python file of the app: app.py, pages, plumbline."""
    for path in kept_files():
        name = path.relative_to(ROOT).as_posix()
        if path.suffix == ".py" and name.split("/")[0] in CODE:
            yield name, ast.parse(path.read_text(encoding="utf-8"))


def imports(tree: ast.Module) -> set[str]:
    """Dotted names that a file imports, wherever in the file; `from plumbline import x` gives plumbline.x."""
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            module = node.module or ""
            names.update(f"{module}.{alias.name}" for alias in node.names) if module in ("", "plumbline") else names.add(module)
    return names


def under(name: str, places: tuple[str, ...]) -> bool:
    """Whether a file is one of the places: a file, or a folder named with its slash at the end."""
    return any(name == place or (place.endswith("/") and name.startswith(place)) for place in places)
