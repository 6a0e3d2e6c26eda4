"""A no-show is a no-show on every screen: the last touch that tells of a meeting decides."""

from __future__ import annotations

import pytest

from plumbline.metrics import run
from plumbline.ui.leaks import load
from plumbline.ui.persistence import outcomes
from tests.importing_support import build_history, write_table

# meetings since the acceptance on 1 March (day of March: outcome), the data end on 1 August -> kind on Persistence
MEETINGS = {
    "3 no_show": "missed_left",
    "1 booked, 3 no_show": "missed_left",
    "1 booked, 3 held, 9 no_show": "missed_left",
    "3 no_show, 4 booked, 9 no_show": "missed_left",
    "1 booked, 3 no_show, 4 cancelled": "missed_called_off",
    "3 no_show, 30 cancelled": "missed_called_off",
    "3 no_show, 4 booked": "missed_set_anew",
    "3 no_show, 10 rescheduled": "missed_set_anew",
    "3 no_show, 4 booked, 5 cancelled": "missed_set_anew",
    "3 no_show, 11 booked": "missed_set_anew_late",
    "3 no_show, 20 rescheduled": "missed_set_anew_late",
    "3 no_show, 20 held": "missed_then_held",
    "3 no_show, 4 cancelled, 20 held": "missed_then_held",
    "3 no_show, 3 held": "missed_then_held",
    "3 held, 3 no_show": "missed_left",
    "3 held": "held",
    "3 booked, 4 cancelled": "not_held_yet",
}


@pytest.fixture(scope="module")
def kinds(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[str, str]]:
    """Meetings -> (kind on Persistence, class on Leaks)."""
    folder = tmp_path_factory.mktemp("meetings")
    leads = [f"L{number:02}" for number in range(len(MEETINGS))]
    write_table(folder, "leads", "lead_id,created_at\n" + "\n".join(f"{lead},2026-02-01" for lead in leads))
    stages = [f"{lead},{stage},2026-0{month}T00:00:00Z" for lead in leads for stage, month in (("mql", "2-25"), ("sal", "3-01"))]
    write_table(folder, "stage_changes", "lead_id,stage,occurred_at\n" + "\n".join(stages))
    touches = [
        f"{lead},meeting,2026-03-{int(day):02}T10:00:00Z,{outcome}"
        for lead, meetings in zip(leads, MEETINGS, strict=True)
        for day, outcome in (one.split() for one in meetings.split(", "))
    ]
    write_table(folder, "touches", "lead_id,channel,occurred_at,outcome\n" + "\n".join(touches))
    history = build_history(folder, folder / "h.duckdb", data_through="2026-08-31")
    told = {row["episode_no"]: row["kind"] for row in run(history, "persistence/meetings").to_dicts()}
    classes = {row["lead_id"]: row["leaked_as"] for row in run(history, "leaks/leaked", None, {"step": "sal"}).to_dicts()}
    history.close()
    return {meetings: (told[number], classes[lead]) for number, (lead, meetings) in enumerate(zip(leads, MEETINGS, strict=True))}


@pytest.mark.parametrize("meetings", MEETINGS)
def test_persistence_and_leaks_agree_on_what_a_no_show_is(kinds: dict[str, tuple[str, str]], meetings: str) -> None:
    kind, leaked_as = kinds[meetings]
    assert kind == MEETINGS[meetings]
    assert (leaked_as == "no_show") == (kind in ("missed_left", "missed_lately"))


def test_every_kind_has_its_words_on_both_screens() -> None:
    assert set(MEETINGS.values()) | {"missed_lately"} == set(outcomes.MEETINGS)
    assert {kind for kind in outcomes.MEETINGS if kind.startswith("missed")} == set(load.MEETINGS)
