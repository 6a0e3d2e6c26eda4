"""What stands around the parts: notes under the verdict, what stands in place of the columns, how it is computed."""

from __future__ import annotations

from pathlib import Path

from plumbline import metrics, wording
from plumbline.history.connection import About
from plumbline.meeting.week import Week
from plumbline.ui import filter_bar, panels, text
from plumbline.ui.weekly.ground import Scene
from plumbline.words import weekly as words

_AGREEMENT = Path(__file__).parents[3] / "pages" / "agree" / "agreement.py"


def notes(scene: Scene) -> list[list[text.Part]]:
    """Quiet lines: which week it is by which agreement, when that is looked at again, what is not recorded."""
    week = scene.week
    told: list[list[text.Part]] = []
    if week.agreed.agreement:
        name = wording.shortened(week.agreed.agreement.name, 60)
        number = f"agreement {week.agreed.number}, " if week.agreed.number else ""
        told.append([f"{week.days} {week.sunday.year}, judged by {number}“{name}”: what was due in these days. A click on a line opens its leads."])
    if not week.is_over:
        end = wording.instant(week.data_through, week.time_zone)
        told.append([f"The week is not over: the data end on {end}, and nothing that is due later is judged."])
    if due := words.review_due(week):
        told.append([due])
    return [*told, *([said] for said in week.not_recorded)]


def no_columns(week: Week) -> None:
    """In place of the two columns: why there are none, and the one way on."""
    if week.agreed.agreement:
        text.empty_state("Nothing of this week can be judged", "Without times nobody can say what was due in which week.")
        return
    way = text.Link("Write the first agreement", filter_bar.link("agreement")) if _AGREEMENT.exists() else None
    text.empty_state(
        f"{week.agreed.why_not}",
        "Once marketing and sales have agreed on what each of them keeps, both stand here side by side: what was agreed, what came of it, and the "
        "leads behind every line.",
        way,
    )


def how_computed(about: About) -> None:
    """Folded away, at the end."""
    panels.how_computed(
        metrics.metric("sla/scorecard"),
        formula="What was due in the week, from Monday to Sunday, and how much of it was met by then; kept where that is at least the share agreed. "
        "Met includes leads whose duty ended before: reached, an SQL, or gone.",
        limits="Nothing is judged before it is due. Under five cases there is no verdict. All passes of a lead count, whatever filters other screens "
        f"have. The eight weeks of the small pictures are judged by the agreement of this week. Data through {wording.day(about.data_through)}; "
        "nothing after it is known.",
        what="this week",
    )
