"""What leads showed as they were accepted and as they became SQLs: measured beside the scorecard, and no promise."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from plumbline.agreement.items import Ground, instant
from plumbline.agreement.weeks import Week
from plumbline.clock import time_zone
from plumbline.replay.facts import kept
from plumbline.replay.states_at import meets
from plumbline.sqlfiles import sql

PARTS = {"accepted": "became_sal", "sales_qualified": "became_sql"}  # part of the agreement -> the query of what is measured by it


@dataclass(frozen=True)
class Shown:
    """Of the `n` observed SALs (accepted) or SQLs (sales_qualified) of some days, how many `met` that part of the agreement then, as known then."""

    part: str
    n: int
    met: int


def shown(known: Ground, first: Week, last: Week | None = None) -> list[Shown]:
    """What the agreement has of PARTS, of one week, or of all from `first` to `last`."""
    zone = time_zone(known.history.about.time_zone)
    span = {"since": instant(first.bounds(zone)[0]), "until": instant((last or first).bounds(zone)[1])}
    told = []
    for part, query in PARTS.items():
        if definition := getattr(known.agreement, part):
            rows = known.history.query(sql(f"promises/{query}"), span)
            met = meets(kept(known.history), definition, rows["lead_no"].to_numpy(), rows["start_at"].to_physical().to_numpy().astype(np.int64))
            told.append(Shown(part, len(met), int(met.sum())))
    return told
