"""Why a lead is to be called now, in a few words: 'Demo request 2 h before the data end; nobody has tried'."""

from __future__ import annotations

from plumbline import wording
from plumbline.clock import DAY
from plumbline.speed.calls import GROUPS, NEVER, Calls
from plumbline.speed.delays import HOUR, MINUTE

UNTRIED = "; nobody has tried"
_SLACK = 2 * HOUR  # a change of the clocks between two midnights


def span(micros: int, is_dated: bool = False) -> str:
    """A time gone by or left, cut to whole units: '35 min', '26 h', '9 days'. is_dated: of dates without a time of day, so in days alone."""
    if is_dated:
        days = (micros + _SLACK) // DAY
        return wording.plural(days, "day") if days >= 1 else "under a day"
    if micros < MINUTE:
        return "under a minute"
    if micros < HOUR:
        return f"{micros // MINUTE} min"
    return f"{micros // HOUR} h" if micros < 2 * DAY else wording.plural(micros // DAY, "day")


def why(told: Calls, place: int, *, has_owners: bool = True, is_dated: bool = False) -> str:
    """Of the lead at `place` (index). has_owners: whether the history says who has a lead; is_dated: as for `span`."""
    words = _why(told, place, is_dated)
    if not has_owners or told.waiting.owner[place] is not None:
        return words
    return f"Waits for an owner: {words[:1].lower()}{words[1:].removesuffix(UNTRIED)}"


def _why(told: Calls, place: int, is_dated: bool) -> str:
    waiting, group = told.waiting, GROUPS[told.group[place]]
    through, deadline = waiting.through, int(told.deadline[place])

    def ago(at: int) -> str:
        return span(through - int(at), is_dated)

    again = waiting.pass_no[place] > 1
    got = ("Handed over" if waiting.handed[place] != NEVER else "Qualified") + (" again" if again else "")
    untried = f"{got} {ago(waiting.start[place])} ago, {'not tried since' if again else 'never tried'}"
    if group in ("hot", "hot_due"):
        act = wording.shortened(wording.words(told.signs.acts[place]), 40)
        sign = f"{act} {ago(told.signs.at[place])} before the data end"
        if group == "hot":
            return f"{sign}{UNTRIED}{' since it came back' if again else ''}"
        return f"{sign}; {_due(told, place)} due"
    if group == "first":
        return untried
    if group == "due":
        return f"{_made(told, place)}; {span(deadline - through, is_dated)} left"
    if group == "late":
        return f"{untried}; {ago(deadline)} late" if told.calls or told.emails else untried
    if group == "missed":
        return f"Promise missed {ago(deadline)} ago by {_missing(told, place)}"
    if group == "neglected":
        if waiting.attempts[place] == 0:
            return untried
        return f"{wording.plural(int(waiting.attempts[place]), 'attempt')} made, no touch for {ago(waiting.touched[place])}"
    return f"{_made(told, place)}, not reached" if told.calls or told.emails else "Tried, not reached; nothing is promised"


def _made(told: Calls, place: int) -> str:
    """'2 of 3 calls and 1 of 3 emails made'."""
    waiting = told.waiting
    of = ((int(waiting.calls[place]), told.calls, "call"), (int(waiting.emails[place]), told.emails, "email"))
    return f"{wording.listing([f'{min(made, asked)} of {wording.plural(asked, name)}' for made, asked, name in of if asked])} made"


def _due(told: Calls, place: int) -> str:
    """'1 call and 2 emails': what is still to be done, whether in time or late."""
    of = ((told.calls - int(told.waiting.calls[place]), "call"), (told.emails - int(told.waiting.emails[place]), "email"))
    return wording.listing([wording.plural(n, name) for n, name in of if n > 0])


def _missing(told: Calls, place: int) -> str:
    """'2 calls and 1 email, of which 1 made since'."""
    waiting, missing, since = told.waiting, [], 0
    for name, asked in (("call", told.calls), ("email", told.emails)):
        short = asked - int(getattr(waiting, f"{name}s_in_time")[place])
        if short > 0:
            missing.append(wording.plural(short, name))
            since += min(short, int(getattr(waiting, f"{name}s")[place]) - (asked - short))
    return wording.listing(missing) + (f", {since} of them made since" if since else "")
