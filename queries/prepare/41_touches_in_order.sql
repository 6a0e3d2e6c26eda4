-- The touches that count, in the order in which the episodes read them. A day without a time of day stands after what happened to the lead that day:
-- the opening, the MQL, the hand-over and the acceptance of its passes. $zone: the organisation's.
with
days as (
    select told.subject_no as lead_no, told.occurred_at, timezone('UTC', timezone($zone, told.next_day::timestamp)) as ends_at
    from (
        select distinct subject_no, occurred_at, timezone($zone, timezone('UTC', occurred_at))::date + 1 as next_day
        from history.canonical.touches
        where subject_no is not null and is_day
    ) as told
),

marks as (
    select lead_no, unnest([opened_at, mql_at, handed_over_at, sal_at]) as marked_at
    from history.main.episodes
),

moved as (
    select days.lead_no, days.occurred_at, max(marks.marked_at) as stands_at
    from days
    inner join marks on marks.lead_no = days.lead_no and marks.marked_at >= days.occurred_at and marks.marked_at < days.ends_at
    group by days.lead_no, days.occurred_at
)

select
    touches.subject_no as lead_no,
    epoch_us(coalesce(moved.stands_at, touches.occurred_at)) as occurred_us,
    touches.is_day,
    list_position($channels, touches.channel::varchar) - 1 as channel,
    coalesce(touches.direction::varchar, 'outbound') = 'outbound' and not coalesce(touches.is_automated, false) as is_attempt,
    coalesce(touches.outcome::varchar in ('connected', 'replied', 'held'), false) as is_contact,
    coalesce(touches.outcome::varchar in ('booked', 'held', 'no_show', 'rescheduled', 'cancelled'), false) as is_meeting,
    touches.outcome::varchar as outcome
from history.canonical.touches as touches
left join moved on touches.is_day and moved.lead_no = touches.subject_no and moved.occurred_at = touches.occurred_at
where touches.subject_no is not null
order by touches.subject_no, occurred_us, touches.event_id nulls last, touches.row_no;
