-- The touches that count, in the order in which the episodes read them.
select
    subject_no as lead_no,
    epoch_us(occurred_at) as occurred_us,
    list_position($channels, channel::varchar) - 1 as channel,
    coalesce(direction::varchar, 'outbound') = 'outbound' and not coalesce(is_automated, false) as is_attempt,
    coalesce(outcome::varchar in ('connected', 'replied', 'held'), false) as is_contact,
    coalesce(outcome::varchar in ('booked', 'held', 'no_show', 'rescheduled', 'cancelled'), false) as is_meeting,
    outcome::varchar as outcome
from history.canonical.touches
where subject_no is not null
order by subject_no, occurred_us, event_id nulls last, row_no;
