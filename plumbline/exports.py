"""Files that leave the house. Figures are exact; no cell is a live formula when a spreadsheet opens it."""

from __future__ import annotations

import polars as pl

_FORMULA = r"^[\s\x00-\x1f\u00a0\u200b\ufeff]*[=+\-@＝＋－＠]|^[\t\r\n]"
_NUMBER = r"^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?$"


def neutralised(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with every text cell and column name that a spreadsheet might run as a formula led by an apostrophe.

    That is text that begins, after white space, with = + - @ (full-width forms too), or with tab, carriage return or line feed.
    Plain numbers as text (-12.5, +3e4) and all cells that are not text stay as they are.
    Lists, structs and objects become text first.
    """
    nested = [name for name, kind in frame.schema.items() if kind.is_nested() or kind == pl.Object]
    frame = frame.with_columns(pl.Series(name, [None if v is None else str(v) for v in frame[name].to_list()], pl.String) for name in nested)
    texts = [name for name, kind in frame.schema.items() if kind in (pl.String, pl.Categorical, pl.Enum)]
    cells = []
    for name in texts:
        cell = pl.col(name).cast(pl.String)
        live = cell.str.contains(_FORMULA) & ~cell.str.contains(_NUMBER)
        cells.append(pl.when(live).then(pl.concat_str(pl.lit("'"), cell)).otherwise(cell).alias(name))
    return frame.with_columns(cells).rename({name: neutral_text(name) for name in frame.columns})


def neutral_text(text: str) -> str:
    """One cell of text, by the same rule as `neutralised`."""
    series = pl.Series("cell", [text], pl.String)
    live = series.str.contains(_FORMULA).item() and not series.str.contains(_NUMBER).item()
    return f"'{text}" if live else text


def csv_bytes(frame: pl.DataFrame) -> bytes:
    """The frame as CSV: UTF-8 with a byte-order mark (spreadsheets need it for names in other scripts), formulas neutralised,
    instants as 2026-11-14T18:00:00Z."""
    times = [name for name, kind in frame.schema.items() if isinstance(kind, pl.Datetime)]
    frame = frame.with_columns(pl.col(name).dt.strftime("%Y-%m-%dT%H:%M:%S%.fZ") for name in times)
    return b"\xef\xbb\xbf" + neutralised(frame).write_csv().encode()
