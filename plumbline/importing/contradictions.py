"""Whether `leads` and `lead_changes` say different things of today: the latest change counts, and the account says of how many leads that is so."""

from __future__ import annotations

from datetime import datetime

import duckdb

from plumbline.text import common_form


def contradictions(con: duckdb.DuckDBPyConnection, attributes: dict[str, str], data_through: datetime) -> list[str]:
    """One warning, or none. `attributes`: name of an attribute -> its column of typed_leads."""
    tracked = [name for (name,) in con.execute("select distinct field from typed_lead_changes order by field").fetchall() if name in attributes]
    found = {name: n for name in tracked if (n := _differing(con, name, attributes[name], data_through))}
    if not found:
        return []
    listed = ", ".join(f"{name} {n}" for name, n in sorted(found.items(), key=lambda one: -one[1])[:5])
    more = f" and {len(found) - 5} more attributes" if len(found) > 5 else ""
    return [f"leads and lead_changes say different values of today, the latest change counts: {listed}{more} (numbers of leads)"]


def _differing(con: duckdb.DuckDBPyConnection, field: str, column: str, data_through: datetime) -> int:
    """Leads whose own value is another text, and another number, than their latest change says."""
    rows = con.execute(
        "with latest as (select lead_no, last(coalesce(value, '') order by known_at, occurred_at, record) as value"
        " from (select *, greatest(occurred_at, coalesce(recorded_at, occurred_at)) as known_at from typed_lead_changes where field = $field)"
        " where known_at <= $data_through group by lead_no)"
        f" select typed.{column}::varchar, latest.value, count(*) from latest"
        " inner join lead_ids as ids on ids.lead_no = latest.lead_no inner join typed_leads as typed on typed.lead_id = ids.lead_id"
        f" where typed.{column} is not null and typed.{column}::varchar <> latest.value group by all",
        {"field": field, "data_through": data_through},
    ).fetchall()
    return sum(n for own, latest, n in rows if common_form(own) != common_form(latest) and not _is_same_number(own, latest))


def _is_same_number(one: str, other: str) -> bool:
    try:
        return float(one) == float(other)
    except ValueError:
        return False
