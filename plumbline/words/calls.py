"""What the groups of those who wait for a call (plumbline/speed/calls.GROUPS) are called, on screens and in documents."""

from __future__ import annotations

NAMES = {
    "hot": "Hot, never tried",
    "first": "Never tried, in time",
    "hot_due": "Hot, more due",
    "due": "More due, in time",
    "late": "Never tried, too late",
    "missed": "Tried too little",
    "neglected": "Neglected",
    "done": "Got all that was promised",
}
