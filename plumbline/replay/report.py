"""What `plumbline replay` does: one definition over one history, a summary, and a line for each lead."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import polars as pl

from plumbline.definition import load
from plumbline.definition.check import check
from plumbline.errors import InputError
from plumbline.exports import neutralised
from plumbline.history.connection import History
from plumbline.history.schema import KNOWN_ATTRIBUTES
from plumbline.instants import Notation
from plumbline.own_files import refuse_foreign_file
from plumbline.replay import facts as lab
from plumbline.replay.plan import plan
from plumbline.replay.run import NEVER, Decisions, instants, replay, warm_up


def replay_file(definition: Path, history: Path, until: str = "", leads_out: Path | None = None) -> tuple[dict[str, object], list[str]]:
    """({leads, qualified, instants, seconds}, notes). Raises PlumblineError. `seconds`: the replay alone, everything in memory."""
    wanted = load(definition)
    if leads_out:
        refuse_foreign_file(leads_out, "--leads-out", lambda head: head.startswith("lead_id,qualified_at,score\n"))
    opened = History(history)
    facts = lab.load(opened)
    notes = check(wanted, facts.known(), KNOWN_ATTRIBUTES, definition.name)
    end = parse_until(until, opened.about.time_zone) if until else None
    warm_up(facts)
    plan(wanted, facts)  # reads the attributes before the clock starts
    began = time.perf_counter()
    decisions = replay(wanted, facts, end)
    seconds = time.perf_counter() - began
    if leads_out:
        write_decisions(decisions, facts, leads_out)
    told = {"leads": facts.leads, "qualified": int(decisions.qualified.sum()), "instants": instants(facts, end), "seconds": round(seconds, 6)}
    return told, notes


def decisions_frame(decisions: Decisions, facts: lab.Facts) -> pl.DataFrame:
    """One row per lead: lead_id, qualified_at (ISO 8601, UTC; null: never), score (at that instant; null: never, or no score part)."""
    when = pl.Series(decisions.qualified_at).set(pl.Series(decisions.qualified_at == NEVER), None).cast(pl.Datetime("us"))
    score = pl.Series(np.where(np.isnan(decisions.score), 0.0, decisions.score)).set(pl.Series(np.isnan(decisions.score)), None)
    return pl.DataFrame({"lead_id": facts.lead_ids(), "qualified_at": when.dt.strftime("%Y-%m-%dT%H:%M:%S%.6fZ"), "score": score})


def write_decisions(decisions: Decisions, facts: lab.Facts, path: Path) -> None:
    """Writes decisions_frame as CSV (UTF-8, no byte-order mark: scripts read it). Raises InputError."""
    try:
        path.write_bytes(neutralised(decisions_frame(decisions, facts)).write_csv().encode())
    except OSError as problem:
        raise InputError(problem.strerror or "cannot be written", str(path), "choose a folder that can be written") from None


def parse_until(text: str, zone: str, option: str = "--until") -> int:
    """Microseconds since 1970 of an instant (ISO 8601; without an offset UTC) or of the beginning of a day in `zone`. Raises InputError."""
    reading = Notation(day_zone=zone).read(text)
    if reading.instant is None:
        reason = reading.reason.removeprefix(text[:60]).strip() or "is no time"
        raise InputError(f"{text[:60]!r} {reason}", option, "write 2026-09-30 or 2026-09-30T18:00:00Z")
    return lab.micros(reading.instant)
