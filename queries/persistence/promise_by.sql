-- The promise by the values of one attribute, rep or team: for how many leads it was kept, or no longer needed.
-- grain: one row per value; a missing value is empty
-- unit: passes of leads; share is of the mature ones
-- params: filters, $by field = rep (attribute, or rep, or team), $calls integer = 3 (calls promised), $emails integer = 3 (emails promised), $days number = 14 (days from hand-over), $only_recorded flag = false (where touches are recorded of only some teams, months or leads, only these)
-- needs: touches (kept, share, untried)
with
told as materialized (
    select episode_no, value_no from episode_values where field_no = $by
),

counted as (
    select
        coalesce(told.value_no, -1) as value_no,
        count(*) as leads,
        count(*) filter (where promised.is_mature) as mature,
        count(*) filter (where promised.part in ('made', 'released', 'gone_unseen')) as kept,
        count(*) filter (where promised.part = 'none') as untried
    from promised_passes($since, $until, $wanted, $fields, $unless_fields, $unless_values, $episodes, $calls, $emails, $days, $only_recorded) as promised
    left join told on told.episode_no = promised.episode_no
    group by coalesce(told.value_no, -1)
)

select
    labels.label as value,
    counted.leads,
    counted.mature,
    counted.kept,
    counted.kept / nullif(counted.mature, 0) as share,
    counted.untried
from counted
left join (select value_no, label from field_values where field_no = $by) as labels on labels.value_no = counted.value_no
order by counted.mature desc, labels.label nulls last;
