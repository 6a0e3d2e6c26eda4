-- The stage changes that count, in the order in which the episode model reads them. A day without a time of day stands after the events of lower stages
-- of its lead that day (inquiries open and close nothing, and move nothing). $zone: the organisation's.
with
ranked as (
    select
        subject_no as lead_no,
        occurred_at,
        is_day,
        case stage
            when 'inquiry' then 0
            when 'mql' then 1
            when 'sal' then 2
            when 'sql' then 3
            when 'opportunity' then 4
            when 'won' then 5
            else 6
        end::tinyint as rank,
        stage::varchar as stage,
        reason::varchar as reason,
        actor_id::varchar as actor_id,
        event_id,
        row_no
    from history.canonical.stage_changes
    where subject_no is not null
),

days as (
    select
        lead_no,
        rank,
        row_no,
        occurred_at,
        timezone('UTC', timezone($zone, (timezone($zone, timezone('UTC', occurred_at))::date + 1)::timestamp)) as ends_at
    from ranked
    where is_day and rank > 1
),

moved as (
    select days.row_no, max(lower_ones.occurred_at) as stands_at
    from days
    inner join ranked as lower_ones
        on
            lower_ones.lead_no = days.lead_no
            and not lower_ones.is_day
            and lower_ones.rank between 1 and days.rank - 1
            and lower_ones.occurred_at >= days.occurred_at
            and lower_ones.occurred_at < days.ends_at
    group by days.row_no
)

select
    ranked.lead_no,
    epoch_us(coalesce(moved.stands_at, ranked.occurred_at)) as occurred_us,
    ranked.rank,
    ranked.is_day,
    ranked.stage,
    ranked.reason,
    ranked.actor_id
from ranked
left join moved on moved.row_no = ranked.row_no
order by ranked.lead_no, occurred_us, ranked.rank, ranked.event_id nulls last, ranked.row_no;
