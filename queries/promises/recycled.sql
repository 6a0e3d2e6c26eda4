-- Passes that were recycled, from $since to $until: when a machine next wrote or called after that, or the lead's next pass opened. A touch dated by its
-- day alone stands after the opening, the MQL, the hand-over and the acceptance of the lead's passes that day.
with
sent_back as (
    select episode_no, lead_no, pass_no, opened_at, closed_at, next_opened_at
    from episodes
    where exit_stage = 'recycled' and closed_at between $since and $until
),

machines as (
    select told.lead_no, told.occurred_at, told.is_day, told.row_no
    from touches as told
    where told.is_automated and coalesce(told.direction::varchar, 'outbound') = 'outbound' and told.lead_no in (select sent_back.lead_no from sent_back)
),

marks as (
    select lead_no, unnest([opened_at, mql_at, handed_over_at, sal_at]) as marked_at
    from episodes
    where lead_no in (select machines.lead_no from machines where machines.is_day)
),

days as (
    select machines.row_no, max(marks.marked_at) as stands_at
    from machines
    cross join about
    inner join marks
        on
            marks.lead_no = machines.lead_no
            and marks.marked_at >= machines.occurred_at
            and marks.marked_at < next_day(machines.occurred_at, about.time_zone)
    where machines.is_day
    group by machines.row_no
),

nurtured as (
    select sent_back.episode_no, min(coalesce(days.stands_at, machines.occurred_at)) as nurtured_at
    from sent_back
    inner join machines on machines.lead_no = sent_back.lead_no
    left join days on days.row_no = machines.row_no
    where coalesce(days.stands_at, machines.occurred_at) > sent_back.closed_at
    group by sent_back.episode_no
)

select
    sent_back.episode_no,
    sent_back.lead_no,
    sent_back.pass_no,
    sent_back.opened_at,
    sent_back.closed_at as start_at,
    least(nurtured.nurtured_at, sent_back.next_opened_at) as done_at,
    null::timestamp as released_at
from sent_back
left join nurtured on nurtured.episode_no = sent_back.episode_no;
