-- Flow: how many episodes entered each stage in each period, whenever they opened. The activity view: never to be read as a conversion.
-- grain: one row per period and stage
-- unit: episodes
-- params: filters, $grain text = week (week or month)
select
    case $grain when 'month' then observed_month else observed_week end as period,
    stage,
    count(*) as entries
from chosen_steps($since, $until, $wanted, $fields, $unless_fields, $unless_values, $episodes, true)
where observed_at is not null
group by period, stage, stage_rank
order by period, stage_rank;
