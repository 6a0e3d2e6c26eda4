"""What a review decided, in sentences."""

from __future__ import annotations

from plumbline import wording
from plumbline.agreement.promises import KINDS
from plumbline.meeting.record import QUESTIONS, Record


def decided_lines(record: Record) -> list[str]:
    """'Version 1: raise Required fields; loosen First touch and Decision.', what was written, 'Next review: 4 Apr 2027.'"""
    lines = []
    for number in dict.fromkeys(version for version, _, _ in record.decided):
        told = []
        for word in QUESTIONS:
            titles = [f"“{KINDS[kind].title}”" for version, kind, chosen in record.decided if version == number and chosen == word]
            if titles:
                told.append(f"{word} {wording.listing(titles)}")
        lines.append(f"Version {number}: {'; '.join(told)}.")
    if not lines and not record.note:
        lines.append("Nothing was decided.")
    lines += [line for line in record.note.splitlines() if line.strip()]
    return [*lines, f"Next review: {wording.day(record.next_review)}."]
