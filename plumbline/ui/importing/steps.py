"""Second and third step: the check and the import, how far they are, and what came of them."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import streamlit as st

from plumbline import wording
from plumbline.errors import PlumblineError
from plumbline.history.snapshots import listed
from plumbline.importing.preview import Look
from plumbline.importing.run import Options, Result, make_plan
from plumbline.settings import setting
from plumbline.ui import data, text
from plumbline.ui.importing import account, first_time, words
from plumbline.ui.importing.bring_in import refused
from plumbline.ui.importing.flow import Flow, Request
from plumbline.ui.importing.job import CancelledError, Job

_TICK_SECONDS = 0.15


def start(flow: Flow, history: Path, request: Request, *, is_check: bool) -> None:
    """Begins the check or the import in a thread; `watch` shows it from the next run on."""
    options = Options(**{**vars(request.options), "dry_run": is_check})
    flow.refusal, flow.went_back = None, ""
    flow.request = request
    flow.job = Job(request.preset, [request.folder], history, options, datetime.now(UTC), request.signature(flow.mapping)).start()


def start_sample(flow: Flow, history: Path) -> None:
    flow.refusal, flow.request = None, None
    flow.job = Job("canonical", [first_time.SAMPLE], history, Options(), datetime.now(UTC)).start()


def watch(flow: Flow) -> None:
    """Shows how far the job is until it ends, takes what came of it, and runs the page again."""
    job = flow.job
    text.subheading("Checking every row" if job.options.dry_run else "Importing")
    bar = st.progress(job.share)
    place = st.empty()
    st.button("Cancel", key="import.cancel", on_click=job.cancel, disabled=job.is_cancelling)
    text.note("Cancelling takes hold at the next step, not at once; nothing is changed. Until it is done everyone sees the history as it was.")
    while job.is_running:
        bar.progress(job.share)
        with place:
            text.note(told(job))
        job.wait(_TICK_SECONDS)
    take(flow)
    st.rerun()


def told(job: Job) -> str:
    """How far it is, in words; of one that is being cancelled, what it still does first."""
    if job.is_cancelling:
        return f"Cancelling: it takes hold at the next step, after this one: {job.step}"
    return f"{wording.share(job.share)} · {job.step}"


def take(flow: Flow) -> None:
    """What the ended job brought goes into the flow."""
    job, flow.job = flow.job, None
    flow.refusal = None if isinstance(job.refusal, CancelledError) else job.refusal
    if job.result is None:
        return
    if job.options.dry_run:
        flow.checked = (job.signature, job.result, _days(flow))
        return
    before = leads_now_before(flow)
    flow.start_over()
    flow.done = (job.result, before)


def leads_now_before(flow: Flow) -> int | None:
    """Leads of the history as this session last saw it, None when there was none."""
    return st.session_state.get("import.leads_seen")


def _days(flow: Flow) -> dict[str, list[str]]:
    """The time columns of days only, by table; nothing where the plan cannot be made."""
    request = flow.request
    if request is None:
        return {}
    looks = flow.look(request.files, request.options.encoding)
    days = {name: found.days_only for name, found in looks.items() if isinstance(found, Look)}
    try:
        return words.days_without_times(make_plan(request.preset, [request.folder], request.options), days)
    except PlumblineError:
        return {}


def check_and_import(flow: Flow, history: Path, request: Request) -> None:
    """The check, its account, and the import, which is offered once the check of these very files and options is done."""
    checked = flow.checked if flow.checked and flow.checked[0] == request.signature(flow.mapping) else None
    if checked is None:
        if flow.checked:
            text.note("Something changed since the last check.")
        st.button(
            "Check every row",
            key="import.check",
            type="primary",
            on_click=lambda: start(flow, history, request, is_check=True),
            help="Reads everything as an import would, and changes nothing.",
        )
        return
    _, result, days = checked
    groups = words.by_reason(result.groups)
    text.subheading(["Check: ", *words.checked_sentence(result.tables, words.because(groups))])
    text.note(_read_as(result))
    missing = [] if request.options.append else words.cannot_be_shown(result.tables, days)
    warnings = [flow.inbox.told(line) for line in result.notes()]

    def offer() -> None:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.button("Import", key="import.go", type="primary", on_click=lambda: start(flow, history, request, is_check=False))
            text.note(f"{wording.plural(words.totals(result.tables)[1], 'row')} {_becomes(request, history)}")

    account.show(result.tables, result.rejects, warnings, missing, key="import.checked", shown=flow.inbox.shown, action=offer, groups=result.groups)


def _becomes(request: Request, history: Path) -> str:
    there, keep = len(listed(history)), int(setting("keep_snapshots"))
    goes = f" The oldest in the list of imports goes, for {keep} are kept." if there >= keep else ""
    if request.options.append:
        return f"are added to the history.{goes}"
    stays = "; the one in use stays in the list of imports" if there and keep > 1 else ""
    return f"become the history{stays}.{goes}"


def _read_as(result: Result) -> str:
    through = wording.instant(datetime.fromisoformat(result.data_through.removesuffix("Z")), result.time_zone)
    return (
        f"Data through {through} · days in {result.time_zone}"
        + (f" · amounts in {result.currency}" if result.currency else "")
        + " · nothing is changed yet"
    )


def done(flow: Flow) -> None:
    """What the import changed, and the way on."""
    result, before = flow.done
    leads = int(data.screen("holdings")["leads"][0])
    text.subheading("What changed")
    if not result.is_new:
        text.paragraph("Nothing: the history already came from these very files.")
    else:
        then = f" (before: {wording.count(before)})" if before is not None else ""
        text.paragraph(
            [
                "The history now holds ",
                text.Bold(wording.plural(leads, "lead")),
                f"{then}. Every screen shows it from now on. ",
                text.Link("See the funnel", "./"),
            ]
        )
    account.show(result.tables, result.rejects, result.notes(), key="import.done", groups=result.groups)
    st.button("Import other files", key="import.more", on_click=flow.start_over)


def refusal(flow: Flow) -> None:
    if flow.refusal is not None:
        refused(flow.refusal, flow, flow.request.folder if flow.request else None)
