-- Calls in the first week: how many each lead got in the seven days after its hand-over, and how many were reached in them.
-- grain: one row per number of calls (6 stands for 6 and more)
-- unit: passes of leads handed over at least a week before the data end; share is of the leads
-- params: filters, $only_recorded flag = false (where touches are recorded of only some teams, months or leads, only these)
-- needs: touches
with
counted as (
    select
        least(first_week_calls, 6) as calls,
        coalesce(epoch_us(first_contact_at) - epoch_us(start_at) <= 604800000000, false) as is_reached
    from judged_follow_ups($since, $until, $wanted, $fields, $unless_fields, $unless_values, $episodes, $only_recorded)
    where start_age_us >= 604800000000
)

select
    calls,
    count(*) as leads,
    count(*) filter (where is_reached) as reached,
    count(*) / nullif(sum(count(*)) over (), 0) as share
from counted
group by calls
order by calls;
