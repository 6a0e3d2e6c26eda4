"""When each lead first qualifies: one compiled pass over the events of each lead, in the order in which they became known.

The slow twin that explains it, line by line, is tests/replay_oracle. What makes this one fast, with the same answers:

- A rule on a field is one bit of a mask; the mask changes only when an attribute changes.
- A rule on an activity is one instant: until when it holds. An act moves that instant on; asking is one comparison.
- Points fade by a common half-life. A lead's points are kept unfaded to a base, so one power of two serves all rules of an instant,
  and none is taken while an upper bound (points since the last exact score, unfaded) is below the threshold.
- A lead that its attributes, or the kinds of its acts, rule out is never looked at.
- A hundred thresholds are one pass: each instant with a new highest score takes the next thresholds with it, and those of one period are
  counted at once.

Times are microseconds (int64), masks uint64. The functions release the interpreter's lock; run.py gives each thread its own leads.
"""

from __future__ import annotations

import numpy as np
from numba import njit

NEVER = np.iinfo(np.int64).max
_EVER = np.iinfo(np.int64).max
_NOT_YET = np.iinfo(np.int64).min
BEHAVIOUR, CRITERION, EXCLUSION, POINTS = 0, 1, 2, 3
TOLERANCE = 1e-9  # of the threshold only (docs/definitions.md)
_SLACK = 1e-6  # under the threshold, for bounds that are sums of many
_RESCALE = 400.0  # half-lives after which the base of the fading moves on: 2^400 is far from overflow
_ALL = 63  # the bit of lead_kinds that stands for every kind from 63 on


_WHOLE = 2.0 ** np.arange(-1100.0, 1024.0)
_PART = 2.0 ** (np.arange(512) / 512)
_LN2 = 0.6931471805599453


@njit(cache=True, nogil=True, inline="always")
def _exp2(x):
    """2 ** x to about 1e-15 (relative) for x up to 1000: a whole power, a 512th by table, the rest by its series. Some four times np.exp2."""
    if x < -1074.0:
        return 0.0
    steps = np.floor(x * 512.0)
    rest = (x - steps * (1 / 512)) * _LN2
    n = int(steps)
    series = 1.0 + rest * (1.0 + rest * (0.5 + rest * (1 / 6 + rest * (1 / 24))))
    return _WHOLE[(n >> 9) + 1100] * _PART[n & 511] * series


@njit(cache=True, nogil=True)
def first_qualified(
    first,  # leads from `first` to `last` (exclusive)
    last,
    until,
    created,  # (leads) instant of each lead
    act_offsets,  # (leads + 1) into kind, occurred
    kind,
    occurred,
    late_at,  # (leads) where its known-times begin in late_known; -1: its acts were known when they happened
    late_known,
    lead_kinds,  # (leads) mask of the kinds of all its acts
    change_offsets,  # (leads + 1) into change_known, change_clears, change_sets
    change_known,
    change_clears,  # bits of the rules on the changed field
    change_sets,  # bits of those that hold from then on
    mask_at_first,  # (leads) rules on fields that hold at the beginning
    must,  # bits that must hold (fit, required fields)
    bars,  # bits that exclude
    counts,  # bits of criteria
    at_least,  # how many criteria
    point_bits,  # (p) one bit each
    point_values,  # (p)
    rule_role,  # (r) of rules on activities
    rule_kind_bit,  # mask of its kind
    rule_times,
    rule_window,  # microseconds; -1: ever
    rule_points,
    rule_cap,  # inf: none
    kind_fixed,  # (kinds) sum of the points of a kind that neither fade nor have a cap
    kind_offsets,  # (kinds + 1) into kind_rules: the other rules that count a kind, but for fading points
    kind_rules,
    fade_offsets,  # (kinds + 1) into fade_rules: the fading points of a kind, as indices into the next two
    fade_rules,
    fade_points,  # (f)
    fade_caps,  # (f)
    kind_gain,  # (kinds) sum of the fading points of a kind
    is_counted,  # (kinds) whether any rule counts it
    gates,  # rules that are no points
    kinds_needed,  # mask of kinds without which a behaviour rule cannot hold
    half_life,  # microseconds; 0: no fading
    thresholds,  # (k) ascending; one of -inf: no score part
    own,  # which of them is the definition's own
    fleeting_bars,  # mask of the kinds that exclude for a time: once that runs out, any act can be the one at which a lead gets in
    qualified_at,  # out (leads): at the own threshold, NEVER
    score_then,  # out (leads)
    peak_until,  # (leads) the last instant that counts for `peak`
    peak,  # out (leads): how many thresholds it reached by then
    group,  # (leads) uint8: what a sweep counts by
    settled_at,  # (leads) the instant after which a lead is counted by its late group
    late_group,  # (leads) uint8
    edges,  # (e) instants, ascending, between which a sweep counts
    counted,  # out (k, e + 1, groups): leads that first reach the threshold before the first edge, ..., from the last on; as differences along k
):
    rules = len(rule_role)
    levels = len(thresholds)
    alive = np.empty(rules, np.int64)
    seen = np.empty(rules, np.int64)
    ring_at = np.empty(rules + 1, np.int64)
    ring_at[0] = 0
    for r in range(rules):
        ring_at[r + 1] = ring_at[r] + (rule_times[r] if rule_window[r] >= 0 and rule_times[r] > 1 and rule_role[r] != POINTS else 0)
    ring = np.empty(ring_at[rules], np.int64)
    faded = np.empty(len(fade_points), np.float64)
    up_rules = np.flatnonzero((rule_role == POINTS) & (rule_points > 0))
    up_bits, up_points, up_caps = rule_kind_bit[up_rules], rule_points[up_rules], rule_cap[up_rules]
    has_score = thresholds[levels - 1] > -np.inf
    per_half_life = 1.0 / half_life if half_life > 0 else 0.0
    fades = half_life > 0
    no_criteria = at_least == 0
    kind_step = kind_fixed + kind_gain
    is_simple = len(kind_rules) == 0 and not (fades and np.any(kind_fixed != 0.0))
    some_caps = np.any(up_caps < np.inf)
    for lead in range(first, last):
        qualified_at[lead] = NEVER
        score_then[lead] = 0.0
        peak[lead] = 0
        t = created[lead]
        if t > until:
            continue
        begin, end = act_offsets[lead], act_offsets[lead + 1]
        change, changes_end = change_offsets[lead], change_offsets[lead + 1]
        mask = mask_at_first[lead]
        kinds = lead_kinds[lead]
        if kinds_needed & ~kinds:
            continue
        looks_always = (kinds & fleeting_bars) != 0
        if not looks_always:  # changes that no rule asks about are no instants at which anything could tip
            while change < changes_end and change_clears[change] == 0:
                change += 1
        is_still = change == changes_end  # no attribute that is asked about ever changes
        if is_still and ((mask & must) != must or (mask & bars)):
            continue
        if has_score and some_caps:  # the most that this lead could ever have
            most = 0.0
            for p in range(len(point_bits)):
                if point_values[p] > 0 if not is_still else mask & point_bits[p]:
                    most += point_values[p]
            most += _most(kinds, float(end - begin), up_bits, up_points, up_caps)
            if most < thresholds[0] - _SLACK:
                continue
        for r in range(rules):
            alive[r] = _NOT_YET
            seen[r] = 0
        for f in range(len(faded)):
            faded[f] = 0.0
        fixed = 0.0  # points of fields
        for p in range(len(point_bits)):
            if mask & point_bits[p]:
                fixed += point_values[p]
        acts_fixed = 0.0  # points of acts that do not fade
        bound = 0.0  # of the fading points: exact when it was last taken, plus all that came since
        base = t
        act = begin
        done = begin  # acts before it are in `faded`
        level = 0
        period = -1  # in which the thresholds from `opening` up to `level` were reached; they are yet to be counted
        opening = 0
        counted_by = group[lead]
        late = late_at[lead] >= 0
        shift = late_at[lead] - begin
        is_new = True
        # Instants come in two ways: forced ones (the creation, then each change of an attribute that a rule asks about), at which all is
        # taken in and asked; and those of acts between them, at which one only looks when something may have tipped.
        forced = t
        limit = begin  # acts before it are known before the forced instant
        while True:
            t = _EVER
            if act < limit:
                stop = limit
            elif forced != _EVER:
                t = forced
                while change < changes_end and change_known[change] <= t:
                    mask = (mask & ~change_clears[change]) | change_sets[change]
                    change += 1
                fixed = 0.0
                for p in range(len(point_bits)):
                    if mask & point_bits[p]:
                        fixed += point_values[p]
                is_new = True
                stop = act
                while stop < end and (late_known[stop + shift] if late else occurred[stop]) <= t:
                    stop += 1
                if not looks_always:
                    while change < changes_end and change_clears[change] == 0:
                        change += 1
                forced = change_known[change] if change < changes_end else _EVER
                limit = end
                if forced != _EVER:
                    limit = stop
                    while limit < end and (late_known[limit + shift] if late else occurred[limit]) < forced:
                        limit += 1
            else:
                break
            need = thresholds[level] - _SLACK - fixed
            while act < stop:
                if is_simple and t == _EVER:  # nothing but sums: on to the act that tips them
                    total = acts_fixed + bound
                    while act < stop and total + kind_step[kind[act]] < need:
                        total += kind_step[kind[act]]
                        act += 1
                    if fades:
                        bound = total
                    else:
                        acts_fixed = total
                    if act == stop:
                        break
                k = kind[act]
                act += 1
                acts_fixed += kind_fixed[k]
                bound += kind_gain[k]
                for x in range(kind_offsets[k], kind_offsets[k + 1]):
                    r = kind_rules[x]
                    if rule_role[r] == POINTS:
                        before = _clipped(seen[r] * rule_points[r], rule_cap[r])
                        seen[r] += 1
                        acts_fixed += _clipped(seen[r] * rule_points[r], rule_cap[r]) - before
                    elif rule_window[r] < 0:
                        seen[r] += 1
                        if seen[r] >= rule_times[r]:
                            alive[r] = _EVER
                    elif rule_times[r] == 1:
                        alive[r] = max(alive[r], occurred[act - 1] + rule_window[r])
                    else:
                        _into_ring(ring, ring_at[r], rule_times[r], seen, r, occurred[act - 1])
                        if seen[r] >= rule_times[r]:
                            alive[r] = ring[ring_at[r] + seen[r] % rule_times[r]] + rule_window[r]
                if acts_fixed + bound < need or t != _EVER:
                    continue
                is_new |= is_counted[k]
                if not (is_new or looks_always):
                    continue
                moment = late_known[act - 1 + shift] if late else occurred[act - 1]
                if act < stop and (late_known[act + shift] if late else occurred[act]) == moment:
                    continue  # what becomes known at one instant counts together
                t = moment
                break
            if t == _EVER:
                continue
            if t > until:
                break
            is_new = False
            if acts_fixed + bound < need:
                continue
            if (mask & must) != must or (mask & bars):
                continue
            met = 0 if no_criteria else _bits(mask & counts)
            holds = True
            for r in gates:
                role = rule_role[r]
                is_alive = t < alive[r]
                if role == CRITERION:
                    met += is_alive
                elif is_alive == (role == EXCLUSION):
                    holds = False
                    break
            if not holds or met < at_least:
                continue
            score = fixed + acts_fixed
            if has_score and fades:
                while done < act:
                    k = kind[done]
                    if kind_gain[k] > 0.0:
                        age = (occurred[done] - base) * per_half_life
                        if age > _RESCALE:
                            down = _exp2(-age)
                            for f in range(len(faded)):
                                faded[f] *= down
                            base = occurred[done]
                            age = 0.0
                        unit = _exp2(age)
                        for x in range(fade_offsets[k], fade_offsets[k + 1]):
                            faded[fade_rules[x]] += unit
                    done += 1
                now = _exp2((base - t) * per_half_life)
                bound = _faded_points(faded, fade_points, fade_caps, now)
                score += bound
            if has_score and score < thresholds[level] - TOLERANCE:
                continue
            reached = level + 1
            while reached < levels and score >= thresholds[reached] - TOLERANCE:
                reached += 1
            if level <= own < reached:
                qualified_at[lead] = t
                score_then[lead] = score
            if len(edges) > 0:  # asked for a sweep
                if t <= peak_until[lead]:
                    peak[lead] = reached
                x = np.searchsorted(edges, t, side="right") if period < 0 else period
                while x < len(edges) and edges[x] <= t:
                    x += 1
                now_group = late_group[lead] if t > settled_at[lead] else group[lead]
                if x != period or now_group != counted_by:
                    if period >= 0:
                        _count(counted, opening, level, period, counted_by)
                    period, opening, counted_by = x, level, now_group
            level = reached
            if level == levels:
                break
        if period >= 0:
            _count(counted, opening, level, period, counted_by)


@njit(cache=True, nogil=True, inline="always")
def _count(counted, opening, level, period, group):
    """A lead of `group` first reaches the thresholds from `opening` up to `level` (exclusive) in `period`; as differences."""
    counted[opening, period, group] += 1
    if level < counted.shape[0]:
        counted[level, period, group] -= 1


@njit(cache=True, nogil=True, fastmath={"reassoc", "nsz"})
def _faded_points(faded, points, caps, now):
    """Sum of fading points by rule, each up to its cap. The order of summing is the compiler's: several at once."""
    total = 0.0
    for f in range(len(faded)):
        total += min(points[f] * faded[f] * now, caps[f])
    return total


@njit(cache=True, nogil=True, fastmath={"reassoc", "nsz"})
def _most(kinds, acts, bits, points, caps):
    """The most that rules of points could give for so many acts of these kinds."""
    total = 0.0
    for r in range(len(bits)):
        total += min(points[r] * acts, caps[r]) if kinds & bits[r] else 0.0
    return total


@njit(cache=True, nogil=True, inline="always")
def _clipped(value, cap):
    return min(max(value, -cap), cap)


@njit(cache=True, nogil=True, inline="always")
def _bits(mask):
    n = 0
    while mask:
        mask &= mask - np.uint64(1)
        n += 1
    return n


@njit(cache=True, nogil=True)
def _into_ring(ring, start, size, seen, r, moment):
    """Keeps the latest `size` moments, ascending from slot seen % size on once it is full. Late ones are put where they belong."""
    n = seen[r]
    if n >= size:
        slot = n % size
        if moment <= ring[start + slot]:
            return  # older than all that are kept
        ring[start + slot] = moment
    else:
        slot = n
        ring[start + slot] = moment
    seen[r] = n + 1
    held = min(n, size - 1)
    here = slot
    while held > 0:
        before = here - 1 if here > 0 else size - 1
        if ring[start + before] <= ring[start + here]:
            break
        ring[start + before], ring[start + here] = ring[start + here], ring[start + before]
        here = before
        held -= 1


@njit(cache=True, nogil=True)
def in_order_of_knowing(created, offsets, kind, occurred, late_row, late_us, late_at, lead_kinds):
    """Sorts each lead's acts by when they became known, in place; returns the known-times of the leads with late acts.

    `late_row`, `late_us`: acts (ascending places) known later than they happened. No act is known before its lead was created.
    Fills `late_at` (where a lead's known-times begin, else left as it is) and `lead_kinds`.
    """
    room = 0
    x = 0
    for lead in range(len(created)):
        begin, end = offsets[lead], offsets[lead + 1]
        while x < len(late_row) and late_row[x] < begin:
            x += 1
        is_late = x < len(late_row) and late_row[x] < end
        mask = np.uint64(0)
        for i in range(begin, end):
            is_late |= occurred[i] < created[lead]
            mask |= np.uint64(1) << np.uint64(min(int(kind[i]), _ALL))
        lead_kinds[lead] = mask
        if is_late:
            late_at[lead] = room
            room += end - begin
    known = np.empty(room, np.int64)
    x = 0
    for lead in range(len(created)):
        if late_at[lead] < 0:
            continue
        begin, end = offsets[lead], offsets[lead + 1]
        part = known[late_at[lead] : late_at[lead] + end - begin]
        while x < len(late_row) and late_row[x] < begin:
            x += 1
        for i in range(begin, end):
            part[i - begin] = max(occurred[i], created[lead])
            if x < len(late_row) and late_row[x] == i:
                part[i - begin] = max(part[i - begin], late_us[x])
                x += 1
        order = np.argsort(part, kind="mergesort")
        part[:] = part[order]
        occurred[begin:end] = occurred[begin:end][order]
        kind[begin:end] = kind[begin:end][order]
    return known


@njit(cache=True, nogil=True)
def count_instants(until, created, offsets, occurred, late_at, late_known, change_offsets, change_known):
    """How many decision instants the leads have up to `until`: their creation, and every moment at which something became known."""
    n = 0
    for lead in range(len(created)):
        t = created[lead]
        if t > until:
            continue
        n += 1
        act, acts_end = offsets[lead], offsets[lead + 1]
        change, changes_end = change_offsets[lead], change_offsets[lead + 1]
        late = late_at[lead] >= 0
        shift = late_at[lead] - act
        while True:
            while act < acts_end and (late_known[act + shift] if late else occurred[act]) <= t:
                act += 1
            while change < changes_end and change_known[change] <= t:
                change += 1
            following = _EVER
            if act < acts_end:
                following = late_known[act + shift] if late else occurred[act]
            if change < changes_end and change_known[change] < following:
                following = change_known[change]
            if following > until or following == _EVER:
                break
            t = following
            n += 1
    return n
