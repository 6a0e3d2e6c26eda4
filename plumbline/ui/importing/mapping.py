"""The mapping of the Import screen: a form (form.py), guessed from files (guessing.py), written as YAML, read back from YAML. No screen.

The text is the truth. `read` gives the form that says exactly what the text says, or None where the text says more than a form can.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from io import StringIO
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from plumbline.errors import InputError
from plumbline.importing import entries, mapped
from plumbline.plain_yaml import MOST_TEXT
from plumbline.ui.importing.form import FileForm, Form, document, form_of
from plumbline.ui.importing.guessing import columns_of, guess_file, guessed, with_table

__all__ = ["FileForm", "Form", "columns_of", "document", "guess_file", "guessed", "problem", "read", "text_from", "text_of", "with_table"]


def text_of(form: Form) -> str:
    """The form as YAML."""
    yaml = YAML()
    yaml.default_flow_style = False
    yaml.allow_unicode = True
    yaml.width = 120
    yaml.indent(mapping=2, sequence=4, offset=2)
    out = StringIO()
    yaml.dump(document(form), out)
    return out.getvalue()


def read(text: str, names: tuple[str, ...] = ()) -> Form | None:
    """The form that says what the text says; None where it is no YAML, or says more. `names`: files that feed nothing belong to it too."""
    try:
        told = entries.entry(text, "the mapping").names
        form = form_of(told)
        if _as_texts(document(form)) != _comparable(told):
            return None
    except (InputError, ValueError, TypeError, KeyError, AttributeError, IndexError):
        return None
    known = {file.file for file in form.files}
    return replace(form, files=(*form.files, *(FileForm(name) for name in names if name not in known)))


def _as_texts(value: Any) -> Any:
    """A document as it is read: the word true is a text."""
    if isinstance(value, dict):
        return {name: _as_texts(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_as_texts(one) for one in value]
    return "true" if value is True else value


def _comparable(told: dict[str, Any]) -> dict[str, Any]:
    return {**told, "files": [{name: value for name, value in file.items() if (name, value) != ("delimiter", ",")} for file in told["files"]]}


def text_from(path: Path) -> str:
    """The text of a mapping's file, as far as any mapping goes: what is longer is refused by its reader."""
    with path.open(encoding="utf-8-sig", errors="replace") as file:
        return file.read(MOST_TEXT + 1)


@lru_cache(64)
def problem(text: str) -> InputError | None:
    """What is wrong with a mapping's text, whichever files there are."""
    try:
        mapped.check(text, "mapping.yaml")
    except InputError as refusal:
        return refusal
    return None
