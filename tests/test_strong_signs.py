"""Interest after death is a sign that a lead may want to buy, not an opened mail."""

from __future__ import annotations

from pathlib import Path

import pytest

from plumbline import charts
from plumbline.leaks.strong_signs import is_strong
from plumbline.metrics import run
from plumbline.ui.leaks import old_leads
from tests.importing_support import build_history, write_table

STRONG = (
    "demo_request", "Demo Request", "demoRequest", "pricing_page", "Viewed pricing page", "trial_start", "Free trial", "contact_request",
    "Contact us", "Form submitted", "form_fill", "Replied to email", "Live chat", "Callback requested", "meeting_booked", "Angebot angefordert",
    "Preisliste",    "Kontaktformular", "Demande de démo", "Formulaire", "Cotización", "Orçamento", "Preventivo richiesto",
    "Teklif istedi", "ขอราคา", "询价", "見積依頼", "견적 요청",
)  # fmt: skip
WEAK = (
    "email_open", "Opened email", "email_click", "web_visit", "page_view", "careers_page", "unsubscribe", "download", "webinar", "Email delivered",
    "Democracy survey", "Information sent", "No reply", "Auto-reply", "Form viewed", "Platform update", "Reform news", "Newsletter",
    "打开邮件", "เปิดอีเมล",
)  # fmt: skip


@pytest.mark.parametrize(("name", "expected"), [*((name, True) for name in STRONG), *((name, False) for name in WEAK)])
def test_an_act_is_a_strong_sign_by_its_name(name: str, expected: bool) -> None:
    assert is_strong(name) == expected


# recycled on 1 March; act or touch and its day -> what became of the lead
AFTER = {
    "": "nothing",
    "email_open 2026-04-01": "engaged_only",
    "webinar 2026-04-01": "engaged_only",
    "demo_request 2026-04-01": "interested_only",
    "email_open 2026-03-20, pricing_page 2026-04-01": "interested_only",
    "demo_request 2026-02-20": "nothing",
    "touch 2026-04-01": "interested_only",
}


def test_what_a_dead_lead_did_is_told_apart(tmp_path: Path) -> None:
    leads = {f"L{number}": acts for number, acts in enumerate(AFTER)}
    write_table(tmp_path, "leads", "lead_id,created_at\n" + "\n".join(f"{lead},2026-01-01" for lead in leads))
    stages = [f"{lead},mql,2026-02-01T00:00:00Z\n{lead},recycled,2026-03-01T00:00:00Z" for lead in leads]
    write_table(tmp_path, "stage_changes", "lead_id,stage,occurred_at\n" + "\n".join(stages))
    done = [(lead, *act.split()) for lead, acts in leads.items() for act in acts.split(", ") if act]
    acts = [f"{lead},{name},{day}T00:00:00Z" for lead, name, day in done if name != "touch"]
    write_table(tmp_path, "activities", "lead_id,activity,occurred_at\n" + "\n".join(acts))
    touches = [f"{lead},email,{day}T00:00:00Z,inbound,replied" for lead, name, day in done if name == "touch"]
    write_table(tmp_path, "touches", "lead_id,channel,occurred_at,direction,outcome\n" + "\n".join(touches))
    history = build_history(tmp_path, tmp_path / "h.duckdb", data_through="2026-06-01")
    told = {row["episode_no"]: row["became"] for row in run(history, "leaks/dead_leads").to_dicts()}
    rows = run(history, "leaks/dead")
    recycled = rows.row(0, named=True)
    history.close()
    assert [told[number] for number in range(len(AFTER))] == list(AFTER.values())
    assert (recycled["dead"], recycled["re_engaged"], recycled["interested"], recycled["interested_only"]) == (7, 4, 3, 3)
    known = {name: words for name, words in charts.DEAD_PARTS.items() if name != "nurtured_only"}
    assert charts.dead_sum_alt(old_leads.became(rows, True, False), known).startswith("7 leads: ")  # where no touch is on record
    for has_acts in (True, False):
        parts = dict(old_leads.became(rows, has_acts, True))
        assert sum(parts.values()) == rows["dead"].sum() and set(parts) == set(charts.DEAD_PARTS)  # the strip adds up to all of them
