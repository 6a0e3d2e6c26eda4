-- Every time a lead was disqualified or lost, whatever pass that closed, if any. A way out dated by its day alone stands after what happened to the lead at
-- a time of that day.
with
gone as (
    select lead_no, occurred_at, is_day, row_no
    from stage_changes
    where stage in ('disqualified', 'lost')
),

days as (
    select gone.row_no, max(timed.occurred_at) as stands_at
    from gone
    cross join about
    inner join stage_changes as timed
        on
            timed.lead_no = gone.lead_no
            and not timed.is_day
            and timed.stage in ('mql', 'sal', 'sql', 'opportunity', 'won')
            and timed.occurred_at >= gone.occurred_at
            and timed.occurred_at < next_day(gone.occurred_at, about.time_zone)
    where gone.is_day
    group by gone.row_no
)

select gone.lead_no, epoch_us(coalesce(days.stands_at, gone.occurred_at)) as stands_us
from gone
left join days on days.row_no = gone.row_no
order by gone.lead_no, stands_us;
