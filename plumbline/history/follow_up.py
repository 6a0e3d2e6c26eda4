"""Who tried to reach a lead, and when: the touches of each episode (docs/meaning.md, "Speed and persistence").

One walk over the touches of all leads beside their episodes, both sorted by lead and time. Compiled: five million touches take some 50 ms,
where window functions take seconds. tests/oracle/follow_up.py holds its slow twin.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit

from plumbline.history.episodes import NEVER
from plumbline.history.schema import CHANNELS

PATH_BASE = len(CHANNELS) + 1
CALL = CHANNELS.index("call")
WEEK = 7 * 86_400_000_000
SEPARATOR = " > "


def path_names() -> dict[int, str]:
    """Every path of one to three channels, by its number: 'call > email'."""
    told: dict[int, str] = {}
    before = {0: ""}
    for _ in range(3):
        before = {
            number * PATH_BASE + place: f"{name}{SEPARATOR if name else ''}{channel}"
            for number, name in before.items()
            for place, channel in enumerate(CHANNELS, start=1)
        }
        told |= before
    return told


@dataclass(frozen=True)
class FollowUps:
    """Per episode (n): what was tried. Times in microseconds, NEVER where there is none.

    `first_attempt_at`, `first_attempt_channel` (index into CHANNELS, -1): the first attempt at or after the mql. `first_contact_at`: the first
    touch that reached the lead. `contact_attempt`: which attempt that was, 0 when none or another touch. `tried`: attempts made before anybody
    had reached the lead, the one that did included. `attempts`, `last_attempt_at`: of the whole episode.
    `first_week_calls`: in the seven days from the episode's start on. `last_touch_at`: any touch, in or out, by a person or a machine.
    Since the acceptance (0, NEVER, -1 without one): `accepted_attempts`, `accepted_contact_at` (the first), `accepted_meeting_row` (index into the
    touches of the last that tells of a meeting). `first_attempt_row`, `first_contact_row`: index into the touches (-1).

    Per attempt (m): `attempt_episode` (index into episodes), `attempt_no` (1, 2, ...), `attempt_row` (index into the touches),
    `channel_no` (1, 2, ... of its channel since the episode's start; 0 before), `path`: channels of the first three attempts up to this one, as
    digits of base `PATH_BASE`, 0 past the third. Per meeting outcome (k): `meeting_episode`, `meeting_row`.
    """

    first_attempt_at: np.ndarray
    first_attempt_channel: np.ndarray
    first_contact_at: np.ndarray
    contact_attempt: np.ndarray
    tried: np.ndarray
    attempts: np.ndarray
    last_attempt_at: np.ndarray
    first_week_calls: np.ndarray
    last_touch_at: np.ndarray
    accepted_attempts: np.ndarray
    accepted_contact_at: np.ndarray
    accepted_meeting_row: np.ndarray
    first_attempt_row: np.ndarray
    first_contact_row: np.ndarray
    attempt_episode: np.ndarray
    attempt_no: np.ndarray
    attempt_row: np.ndarray
    channel_no: np.ndarray
    path: np.ndarray
    meeting_episode: np.ndarray
    meeting_row: np.ndarray


@dataclass(frozen=True)
class Touches:
    """Arrays of equal length in order of lead, time, event id (empty last), line.

    `lead` int32, `at` int64 microseconds, `channel` int8 (index into CHANNELS), `is_attempt`: outbound and by a person, `is_contact`: its outcome
    says that the lead was reached, `is_meeting`: its outcome tells of a meeting.
    """

    lead: np.ndarray
    at: np.ndarray
    channel: np.ndarray
    is_attempt: np.ndarray
    is_contact: np.ndarray
    is_meeting: np.ndarray


@dataclass(frozen=True)
class Spans:
    """The episodes, in order of lead and number: `lead` int32; int64 microseconds: `opened`, `mql` (the opening where implied), `ends` (the next
    one's opening; NEVER), `start` (the hand-over, else `mql`): from there the promised calls and emails count;
    `accepted` (the SAL's own event; NEVER)."""

    lead: np.ndarray
    opened: np.ndarray
    mql: np.ndarray
    ends: np.ndarray
    start: np.ndarray
    accepted: np.ndarray


def find_follow_ups(touches: Touches, spans: Spans) -> FollowUps:
    """What was tried in each episode. An episode's touches run from its opening to the next one's; a closing does not end them."""
    n, m, k = len(spans.lead), int(touches.is_attempt.sum()), int(touches.is_meeting.sum())
    out = FollowUps(
        first_attempt_at=np.full(n, NEVER, np.int64),
        first_attempt_channel=np.full(n, -1, np.int8),
        first_contact_at=np.full(n, NEVER, np.int64),
        contact_attempt=np.zeros(n, np.int32),
        tried=np.zeros(n, np.int32),
        attempts=np.zeros(n, np.int32),
        last_attempt_at=np.full(n, NEVER, np.int64),
        first_week_calls=np.zeros(n, np.int32),
        last_touch_at=np.full(n, NEVER, np.int64),
        accepted_attempts=np.zeros(n, np.int32),
        accepted_contact_at=np.full(n, NEVER, np.int64),
        accepted_meeting_row=np.full(n, -1, np.int64),
        first_attempt_row=np.full(n, -1, np.int64),
        first_contact_row=np.full(n, -1, np.int64),
        attempt_episode=np.empty(m, np.int32),
        attempt_no=np.empty(m, np.int32),
        attempt_row=np.empty(m, np.int64),
        channel_no=np.empty(m, np.int32),
        path=np.zeros(m, np.int32),
        meeting_episode=np.empty(k, np.int32),
        meeting_row=np.empty(k, np.int64),
    )
    names = tuple(out.__dataclass_fields__)
    made, met = _walk(
        *(getattr(touches, name) for name in touches.__dataclass_fields__),
        *(getattr(spans, name) for name in spans.__dataclass_fields__),
        *(getattr(out, name) for name in names),
        len(CHANNELS),
    )
    cut = dict.fromkeys(names[14:19], made) | dict.fromkeys(names[19:], met)
    return FollowUps(*(getattr(out, name)[: cut.get(name, n)] for name in names))


@njit(cache=True, nogil=True)
def _walk(
    lead, at, channel, is_attempt, is_contact, is_meeting,
    e_lead, e_opened, e_mql, e_ends, e_start, e_accepted,
    first_at, first_channel, contact_at, contact_attempt, tried, attempts, last_at, week_calls, touch_at, acc_attempts, acc_contact_at, acc_meeting,
    first_row, contact_row,
    a_episode, a_no, a_row, a_channel_no, a_path, m_episode, m_row, channels,
):  # fmt: skip
    size = len(lead)
    row = 0
    made = 0
    met = 0
    of_channel = np.zeros(channels, np.int32)
    for e in range(len(e_lead)):
        while row < size and (lead[row] < e_lead[e] or (lead[row] == e_lead[e] and at[row] < e_opened[e])):
            row += 1
        of_channel[:] = 0
        path = 0
        while row < size and lead[row] == e_lead[e] and (e_ends[e] == NEVER or at[row] < e_ends[e]):
            touch_at[e] = at[row]
            is_accepted = e_accepted[e] != NEVER and at[row] >= e_accepted[e]
            if is_accepted:
                if is_attempt[row]:
                    acc_attempts[e] += 1
                if is_contact[row] and acc_contact_at[e] == NEVER:
                    acc_contact_at[e] = at[row]
                if is_meeting[row]:
                    acc_meeting[e] = row
            if is_meeting[row]:
                m_episode[met] = e
                m_row[met] = row
                met += 1
            if is_attempt[row]:
                attempts[e] += 1
                last_at[e] = at[row]
                if contact_at[e] == NEVER:
                    tried[e] += 1
                if first_at[e] == NEVER and at[row] >= e_mql[e]:
                    first_at[e] = at[row]
                    first_channel[e] = channel[row]
                    first_row[e] = row
                no = 0
                if at[row] >= e_start[e]:
                    of_channel[channel[row]] += 1
                    no = of_channel[channel[row]]
                    if channel[row] == CALL and at[row] - e_start[e] <= WEEK:
                        week_calls[e] = no
                a_episode[made] = e
                a_no[made] = attempts[e]
                a_row[made] = row
                a_channel_no[made] = no
                if attempts[e] <= 3:
                    path = path * PATH_BASE + channel[row] + 1
                    a_path[made] = path
                made += 1
            if is_contact[row] and contact_at[e] == NEVER:
                contact_at[e] = at[row]
                contact_row[e] = row
                if is_attempt[row]:
                    contact_attempt[e] = tried[e]
            row += 1
    return made, met
