"""Every module can be imported: what one change moves, another may still ask for at the old place."""

from __future__ import annotations

import pkgutil
from importlib import import_module

import plumbline


def test_every_module_loads() -> None:
    for found in pkgutil.walk_packages(plumbline.__path__, "plumbline."):
        if not found.name.endswith("__main__"):
            import_module(found.name)
