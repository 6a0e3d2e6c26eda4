-- Flow: how many episodes entered each stage in each period, whenever they opened. The activity view: never to be read as a conversion.
-- grain: one row per period and stage
-- unit: episodes
-- params: filters, $grain choice(week|month) = week (length of a period)
with
counted as (
    select case $grain when 'month' then observed_month else observed_week end as period, stage_rank, count(*) as entries
    from chosen_steps($since, $until, $wanted, $fields, $unless_fields, $unless_values, $episodes, true)
    where observed_at is not null
    group by period, stage_rank
)

select counted.period, stages.stage, counted.entries
from counted
inner join stages on stages.stage_rank = counted.stage_rank
order by counted.period, stages.stage_rank;
