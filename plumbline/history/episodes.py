"""The episode model: one pass of one lead through the funnel (docs/meaning.md, "Episodes").

One walk over the stage changes of all leads, sorted by lead, time, rank (exits last), event id, line. The rules are a small
state machine, hence a loop and not SQL; compiled, it takes some 10 ms a million changes. tests/oracle/ holds its slow twin.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit

INQUIRY, MQL, SAL, SQL, OPPORTUNITY, WON, EXIT = range(7)
NEVER = np.iinfo(np.int64).min  # no such time
TIE = 60_000_000  # microseconds within which an order of events says nothing


@dataclass(frozen=True)
class Episodes:
    """Arrays of equal length, one entry an episode, in order of lead and time.

    `reached` (n, 5): first observed time of mql, sal, sql, opportunity, won in microseconds, NEVER where not observed.
    `reached_row` (n, 5): index of that stage change in the input, -1 where not observed. `exit_row`: of the exit that closed it, or -1.
    `opened_row`, `closed_row`: index of the stage change that opened it, that closed it (-1).
    `closed_at`, `next_opened_at`: NEVER where open, where there is no next. `repeats`: further mqls inside the open episode.
    `stray_rows`: input rows that were exits with no open episode.
    """

    lead: np.ndarray
    number: np.ndarray
    opened_at: np.ndarray
    is_implied: np.ndarray
    reached: np.ndarray
    reached_row: np.ndarray
    exit_row: np.ndarray
    opened_row: np.ndarray
    closed_row: np.ndarray
    closed_at: np.ndarray
    next_opened_at: np.ndarray
    repeats: np.ndarray
    stray_rows: np.ndarray


def find_episodes(lead: np.ndarray, at: np.ndarray, rank: np.ndarray, is_day: np.ndarray) -> Episodes:
    """Episodes of stage changes: `lead` (int32), `at` (int64 microseconds), `rank` (int8, exits = EXIT), in the order named above.

    `is_day` (bool): a day without a time of day; no 60 seconds are measured from it or to it.
    """
    size = len(lead)
    room = max(1, size)
    out = Episodes(
        lead=np.empty(room, np.int32),
        number=np.empty(room, np.int32),
        opened_at=np.empty(room, np.int64),
        is_implied=np.empty(room, np.bool_),
        reached=np.full((room, 5), NEVER, np.int64),
        reached_row=np.full((room, 5), -1, np.int64),
        exit_row=np.full(room, -1, np.int64),
        opened_row=np.full(room, -1, np.int64),
        closed_row=np.full(room, -1, np.int64),
        closed_at=np.full(room, NEVER, np.int64),
        next_opened_at=np.full(room, NEVER, np.int64),
        repeats=np.zeros(room, np.int32),
        stray_rows=np.empty(room, np.int64),
    )
    arrays = tuple(getattr(out, name) for name in out.__dataclass_fields__)
    found, strays = _walk(lead, at, rank, is_day, *arrays)
    return Episodes(*(array[: strays if name == "stray_rows" else found] for name, array in zip(out.__dataclass_fields__, arrays, strict=True)))


@njit(cache=True, nogil=True)
def _is_tie(at, is_day, before, row):
    """Whether two rows lie within 60 s: of days, only where both stand at one instant."""
    gap = at[row] - at[before]
    return gap == 0 or (gap <= TIE and not is_day[row] and not is_day[before])


@njit(cache=True, nogil=True)
def _walk(
    lead, at, rank, is_day,
    e_lead, e_number, e_opened, e_implied, e_reached, e_row, e_exit, e_opened_row, e_closed_row, e_closed, e_next, e_repeats, strays,
):  # fmt: skip
    size = len(lead)
    episode = -1  # the last opened
    n_strays = 0
    is_open = False
    begin = 0
    while begin < size:
        end = begin + 1
        while end < size and lead[end] == lead[begin] and at[end] == at[begin]:
            end += 1
        new_lead = begin == 0 or lead[begin - 1] != lead[begin]
        if new_lead:
            is_open = False
        has_mql = False
        first_exit = end
        for row in range(begin, end):
            if rank[row] == MQL:
                has_mql = True
            if rank[row] == EXIT and first_exit == end:
                first_exit = row
        exits_first = is_open and has_mql
        for step in range(end - begin):
            row = begin + step
            if exits_first:
                row = first_exit + step if first_exit + step < end else begin + step - (end - first_exit)
            kind = rank[row]
            has_episode = episode >= 0 and e_lead[episode] == lead[row]
            if kind == INQUIRY:
                continue
            if kind == EXIT:
                if is_open:
                    e_exit[episode] = row
                    e_closed_row[episode] = row
                    e_closed[episode] = at[row]
                    is_open = False
                else:
                    strays[n_strays] = row
                    n_strays += 1
                continue
            if kind == MQL and is_open:
                if e_implied[episode] and e_reached[episode, 0] == NEVER and _is_tie(at, is_day, e_opened_row[episode], row):
                    e_reached[episode, 0] = at[row]
                    e_row[episode, 0] = row
                else:
                    e_repeats[episode] += 1
                continue
            if not is_open:
                just_closed = has_episode and _is_tie(at, is_day, e_closed_row[episode], row)
                if kind == MQL or not just_closed:
                    if has_episode:
                        e_next[episode] = at[row]
                    episode += 1
                    e_lead[episode] = lead[row]
                    e_number[episode] = e_number[episode - 1] + 1 if has_episode else 1
                    e_opened[episode] = at[row]
                    e_opened_row[episode] = row
                    e_implied[episode] = kind != MQL
                    is_open = True
            if e_reached[episode, kind - 1] == NEVER:
                e_reached[episode, kind - 1] = at[row]
                e_row[episode, kind - 1] = row
            if kind == WON and is_open:
                e_closed_row[episode] = row
                e_closed[episode] = at[row]
                is_open = False
        begin = end
    return episode + 1, n_strays
