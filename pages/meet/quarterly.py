"""Did the definition and the promises that both sides signed do what they were signed for, and what do we change?"""

from plumbline import wording
from plumbline.meeting.advice import LEAST_WEEKS
from plumbline.ui import data, filter_bar, panels, text
from plumbline.ui.quarterly import decisions, desk, promises, since, table
from plumbline.words import quarterly as words

scene = desk.scene(desk.choose())
quarter = scene.quarter
text.headline(words.headline(quarter))
if scene.is_older:
    text.note(
        f"The review began with data through {wording.instant(quarter.data_through, quarter.time_zone)}, and shows them until it is closed;"
        " newer ones wait."
        if scene.history.content != data.content()
        else "The data that the review began with are not there any more: these are newer ones."
    )
for said in quarter.not_recorded:
    text.note(said)
if figures := words.strip(quarter):
    text.figure_strip([text.Figure(one.label, one.value, "", "", one.n, one.is_broken, "short", "", one.meaning) for one in figures])

version = desk.version(quarter)
if version is None:
    text.empty_state(
        f"No version that both sides signed is in force in {quarter.span.title}",
        "What both sides sign is held against what happened from its first day in force on. Below: what sales sent back, and the drafts.",
        text.Link("See the agreement", filter_bar.link("agreement")),
    )
else:
    text.subheading(words.version_title(version))
    text.note(words.version_note(version))
    promises.show(scene, version)
    since.prediction(version)
    since.volume(quarter)
table.rejections(quarter)
if version is not None:
    table.opinion(version)
table.drafts(quarter)
decisions.show(scene, version)
panels.how_computed(
    desk.ABOUT,
    formula="Kept in a week: enough of the items whose deadline lies in it were met, by the share as it is written. Over the quarter: the"
    " items of all weeks that are over, together, with Wilson's 95 % interval. What the record speaks for: raise, where it was kept in"
    " nine of ten weeks and the interval lies above the share half way to all; loosen or act, where it was broken in nine of ten and the"
    f" interval lies below the share; else keep. Under {LEAST_WEEKS} weeks or {wording.MINIMUM_N} items nothing is advised.",
    limits="Leads of one account count as independent. The prediction is held against the first passes of leads that met the definition when they"
    " opened; a difference is told only beyond chance. No difference says why it is there. "
    f"Data through {wording.day(quarter.data_through)}; nothing after it is known.",
)
