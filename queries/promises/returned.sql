-- Passes that sales rejected, from $since to $until: when the lead's next pass was handed over, or the lead was disqualified or lost after the rejection,
-- whatever pass that closed, if any. A way out dated by its day alone stands after what happened to the lead at a time of that day.
with
sent_back as (
    select episode_no, lead_no, pass_no, opened_at, closed_at
    from episodes
    where exit_stage = 'rejected' and closed_at between $since and $until
),

again as (
    select sent_back.episode_no, next_passes.handed_over_at
    from sent_back
    inner join episodes as next_passes on next_passes.lead_no = sent_back.lead_no and next_passes.pass_no = sent_back.pass_no + 1
),

own_changes as (
    select changes.lead_no, changes.stage, changes.occurred_at, changes.is_day, changes.row_no
    from stage_changes as changes
    where changes.lead_no in (select sent_back.lead_no from sent_back)
),

days as (
    select gone.row_no, max(timed.occurred_at) as stands_at
    from own_changes as gone
    cross join about
    inner join own_changes as timed
        on
            timed.lead_no = gone.lead_no
            and not timed.is_day
            and timed.stage in ('mql', 'sal', 'sql', 'opportunity', 'won')
            and timed.occurred_at >= gone.occurred_at
            and timed.occurred_at < next_day(gone.occurred_at, about.time_zone)
    where gone.is_day and gone.stage in ('disqualified', 'lost')
    group by gone.row_no
),

gone as (
    select own_changes.lead_no, coalesce(days.stands_at, own_changes.occurred_at) as gone_at
    from own_changes
    left join days on days.row_no = own_changes.row_no
    where own_changes.stage in ('disqualified', 'lost')
),

discarded as (
    select sent_back.episode_no, min(gone.gone_at) as discarded_at
    from sent_back
    inner join gone on gone.lead_no = sent_back.lead_no and gone.gone_at >= sent_back.closed_at
    group by sent_back.episode_no
)

select
    sent_back.episode_no,
    sent_back.lead_no,
    sent_back.pass_no,
    sent_back.opened_at,
    sent_back.closed_at as start_at,
    least(again.handed_over_at, discarded.discarded_at) as done_at,
    null::timestamp as released_at
from sent_back
left join again on again.episode_no = sent_back.episode_no
left join discarded on discarded.episode_no = sent_back.episode_no;
