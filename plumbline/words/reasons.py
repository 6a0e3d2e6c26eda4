"""The classes of reasons (plumbline/leaks/reasons.py) as people read them."""

from __future__ import annotations

REASONS = {
    "wrong_target": "wrong target",
    "cannot_pay": "cannot pay",
    "happy_elsewhere": "happy elsewhere",
    "no_need": "no need",
    "bad_timing": "bad timing",
    "bad_data": "wrong or missing data",
    "duplicate": "duplicate",
    "competitor": "competitor",
    "unreachable": "could not be reached",
    "outside": "outside anyone's control",
    "other": "other reasons",
    "unstated": "no reason given",
}
