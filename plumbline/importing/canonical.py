"""The preset `canonical`: folders (or single files) of TABLE.csv and TABLE.parquet."""

from __future__ import annotations

from pathlib import Path

from plumbline.errors import InputError
from plumbline.history.schema import TABLES
from plumbline.importing.feed import Plan, Source

SAMPLE_MARK = "SAMPLE.txt"


def plan(paths: list[Path], encoding: str = "", append: bool = False) -> Plan:
    """Which file feeds which table. Raises InputError where there is nothing to read."""
    sources: list[Source] = []
    warnings: list[str] = []
    is_sample = False
    for path in paths:
        if path.is_dir():
            found = sorted(child for child in path.iterdir() if child.suffix.lower() in (".csv", ".parquet") and not child.name.startswith("."))
            is_sample |= (path / SAMPLE_MARK).exists()
            if not found:
                raise InputError("the folder holds no .csv and no .parquet file", str(path), "name the folder of the tables, with at least leads.csv")
        elif path.is_file():
            found = [path]
            is_sample |= (path.parent / SAMPLE_MARK).exists()
        else:
            raise InputError("there is no such file or folder", str(path), "check the name")
        for file in found:
            if file.stem not in TABLES or file.suffix not in (".csv", ".parquet") or not file.is_file():
                if path.is_file():
                    raise InputError(
                        "is not named after a table of the history", file.name, f"name it {', '.join(f'{name}.csv' for name in list(TABLES)[:4])} ..."
                    )
                what = "is named after no table of the history" if file.is_file() else "is no file"
                warnings.append(f"{file.name} {what} and was left aside")
                continue
            sources.append(Source(file, table=file.stem, encoding=encoding))
    if not sources:
        raise InputError(
            "there is no table of the history", ", ".join(str(path) for path in paths), "name its files leads.csv, stage_changes.csv and so on"
        )
    order = list(TABLES)
    sources.sort(key=lambda source: order.index(source.table))
    if not append and not any(source.table == "leads" for source in sources):
        raise InputError(
            "there is no leads.csv and no leads.parquet",
            ", ".join(str(path) for path in paths),
            "add the table of leads: it is the one that is required",
        )
    return Plan(sources, is_sample=is_sample, warnings=warnings)
