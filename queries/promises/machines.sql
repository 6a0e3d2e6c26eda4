-- Every time a machine wrote to a lead or called it. A touch dated by its day alone stands after the opening, the MQL, the hand-over and the acceptance of
-- the lead's passes that day.
with
machines as (
    select lead_no, occurred_at, is_day, row_no
    from touches
    where is_automated and coalesce(direction::varchar, 'outbound') = 'outbound'
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
)

select machines.lead_no, epoch_us(coalesce(days.stands_at, machines.occurred_at)) as stands_us
from machines
left join days on days.row_no = machines.row_no
order by machines.lead_no, stands_us;
