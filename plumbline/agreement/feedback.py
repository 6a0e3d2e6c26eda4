"""What reps think of a version: agree or disagree, in their words, rule by rule. One word per rep and version, until it is published."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from plumbline import people
from plumbline.agreement.versions import version
from plumbline.errors import InputError
from plumbline.state import agreements as kept
from plumbline.state.audit import Act, append
from plumbline.state.opening import reading, writing
from plumbline.text import clean

MOST_TEXT = 2000  # characters of a word on the whole, and of one on a rule
MOST_RULES = 64


@dataclass(frozen=True)
class Feedback:
    """`text`: an answer to "what is a qualified lead to you?"; `rules`: rule -> what the rep says of it."""

    rep: str
    agrees: bool
    text: str
    rules: dict[str, str]
    at: str


def give(number: int, rep: str, agrees: bool, text: str, rules: Mapping[str, str], act: Act) -> None:
    """A rep's word on a version, in place of an earlier one. Raises InputError: too long, or the version is no draft any more."""
    rep = people.named(rep, "rep")
    said = {name: told for name, one in rules.items() if (told := clean(one.replace("\0", "")))}
    text = clean(text.replace("\0", "")) or ""
    if len(said) > MOST_RULES or any(len(one) > MOST_TEXT for one in (text, *said, *said.values())):
        raise InputError(f"is longer than {MOST_TEXT:,} characters", "feedback", "shorten it")
    with writing() as connection:
        now = version(number, connection)
        if now.published_at or now.withdrawn_at or now.declines:
            raise InputError("is no draft any more", now.where, "feedback goes to the next draft")
        row = {"version": number, "rep": rep, "rep_key": people.key(rep), "agrees": agrees, "text": text}
        told = {"rules": json.dumps(said, ensure_ascii=False, sort_keys=True), "given_at": act.at_text}
        kept.give_feedback(connection, row | told)
        append(connection, act, "feedback given", {"number": number, "rep": rep, "agrees": agrees, "text": text, "rules": said})


def given(number: int) -> list[Feedback]:
    """What was said of a version, by rep."""
    with reading() as connection:
        found = kept.feedback_of(connection, number)
    return [Feedback(row["rep"], bool(row["agrees"]), row["text"], json.loads(row["rules"]), row["given_at"]) for row in found]
