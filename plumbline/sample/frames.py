"""From numpy to polars columns: ids, times, texts by code."""

from __future__ import annotations

import numpy as np
import polars as pl


def ids(prefix: str, numbers: np.ndarray, width: int) -> pl.Series:
    """Texts such as L0000001."""
    digits = pl.Series("id", numbers).cast(pl.String)
    return prefix + (digits.str.zfill(width) if width else digits)


def times(seconds: np.ndarray) -> pl.Series:
    """Naive UTC times of whole seconds; -1 is null."""
    series = pl.Series("time", seconds)
    return pl.select(pl.when(series >= 0).then((series * 1_000_000).cast(pl.Datetime("us")))).to_series()


def by_code(texts: tuple[str, ...], codes: np.ndarray) -> pl.Series:
    """The text of each code, -1 is null."""
    series = pl.Series("code", codes, dtype=pl.Int64)
    return pl.Series("text", texts, dtype=pl.String).gather(pl.select(pl.when(series >= 0).then(series)).to_series())
