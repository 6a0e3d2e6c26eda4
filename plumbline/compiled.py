"""Where compiled kernels are kept between runs, when neither the package's folder nor the user's cache can be written."""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from pathlib import Path

_VARIABLE = "NUMBA_CACHE_DIR"


def find_a_place() -> None:
    """Names a private folder of temporary files to the compiler, which fails where it finds no place of its own. Before it is imported."""
    if os.environ.get(_VARIABLE) or any(_is_writable(place) for place in (Path(__file__).parent, Path(os.path.expanduser("~")) / ".cache")):
        return
    place = Path(tempfile.gettempdir()) / f"plumbline-compiled-{os.getuid()}"
    with suppress(OSError):
        place.mkdir(mode=0o700, exist_ok=True)
        about = place.lstat()
        is_private = about.st_uid == os.getuid() and about.st_mode & 0o077 == 0 and not place.is_symlink()
        os.environ[_VARIABLE] = str(place) if is_private else tempfile.mkdtemp(prefix="plumbline-compiled-")


def _is_writable(place: Path) -> bool:
    existing = next(path for path in (place, *place.parents) if path.exists())
    return os.access(existing, os.W_OK | os.X_OK)
