"""The commands `agreement ...`: the life of a version, without a screen."""

from __future__ import annotations

import typer

from plumbline.agreement_commands import looks, signing, texts

app = typer.Typer(no_args_is_help=True, help="What marketing and sales promise each other: drafts, signatures, versions in force.")
for part in (texts, signing, looks):
    app.add_typer(part.app)
