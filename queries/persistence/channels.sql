-- Chance of contact by channel: of the k-th attempts that were calls, emails and so on, the share that reached the lead.
-- grain: one row per attempt (the first six) and channel
-- unit: passes of leads not reached before; hazard is a share, empty under 30
-- params: filters, $only_recorded flag = false (where touches are recorded of only some teams, months or leads, only these)
-- needs: touches
with
counted as (
    select
        made.attempt_no as attempt,
        made.channel,
        count(*) as at_risk,
        count(*) filter (where made.is_contact) as contacted
    from chosen_attempts($since, $until, $wanted, $fields, $unless_fields, $unless_values, $episodes, $only_recorded) as made
    where made.attempt_no <= 6
    group by made.attempt_no, made.channel
)

select
    counted.attempt,
    counted.channel::varchar as channel,
    counted.at_risk,
    counted.contacted,
    case when counted.at_risk >= 30 then counted.contacted / nullif(counted.at_risk, 0) end as hazard
from counted
order by counted.attempt, counted.channel::varchar;
