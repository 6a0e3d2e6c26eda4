-- Sequences: by which channels leads are tried one after the other, and how often the last of these attempts reaches them.
-- grain: one row per order of the first one, two or three attempts
-- unit: passes of leads not reached before that attempt; hazard is a share, empty under 30
-- params: filters, $only_recorded flag = false (where touches are recorded of only some teams, months or leads, only these)
-- needs: touches
with
counted as (
    select
        made.path,
        made.attempt_no as attempt,
        count(*) as at_risk,
        count(*) filter (where made.is_contact) as contacted
    from chosen_attempts($since, $until, $wanted, $fields, $unless_fields, $unless_values, $episodes, $only_recorded) as made
    where made.attempt_no <= 3
    group by made.path, made.attempt_no
)

select
    counted.path::varchar as sequence,
    counted.attempt,
    counted.at_risk,
    counted.contacted,
    case when counted.at_risk >= 30 then counted.contacted / nullif(counted.at_risk, 0) end as hazard
from counted
order by counted.attempt, counted.at_risk desc, counted.path::varchar;
