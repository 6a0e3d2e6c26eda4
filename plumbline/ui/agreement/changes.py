"""What a version changes against the one before it: each change in a sentence, and beside it what the frozen simulation knows that it does."""

from __future__ import annotations

import streamlit as st

from plumbline import wording
from plumbline.agreement.diff import diff
from plumbline.agreement.effects import effect_of
from plumbline.agreement.version import Version
from plumbline.ui import text
from plumbline.ui.agreement import pieces, words
from plumbline.ui.agreement.desk import Desk


def show(on: Desk, version: Version) -> None:
    """Against the version in force, else the one before; what did not change is folded away."""
    before = on.before(version)
    if before is None:
        text.note("This is the first version: there is nothing to hold it against.")
        return
    agreement = version.agreement()
    found = diff(before.agreement(), agreement)
    role = "the one in force" if before == on.in_force else "the one before it" if before.published_at else "the draft before it"
    n = len(found.changes)
    text.chart_title(
        f"{wording.words(wording.plural(n, 'change'))}" if n else "Nothing changes",
        [f"Against {role}: ", text.Link(words.title(before), words.href(before))],
    )
    told = version.frozen.told() if version.frozen else None
    if found.changes:
        st.html(pieces.changes_html([(_capital(one.sentence), _capital(effect_of(one.path, agreement, told))) for one in found.changes]))
        if told is None:
            text.note("What each change of the definition does is known once the version is simulated.")
    if found.same:
        with st.expander(f"What did not change ({len(found.same)})"):
            st.html(pieces.list_html([_capital(sentence) for _, sentence in found.same]))


def _capital(words_: str) -> str:
    return words_[:1].upper() + words_[1:]
