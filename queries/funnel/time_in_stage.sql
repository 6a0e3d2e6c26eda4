-- Time in stage: from an observed entry to the next later stage observed. Ties count as 0, out-of-order pairs are left out, as are days without a time of day.
-- grain: one row per stage
-- unit: seconds
-- params: filters
with
passages as (
    select stage_rank, epoch_us(next_observed_at) - epoch_us(observed_at) as us
    from chosen_steps($since, $until, $wanted, $fields, $unless_fields, $unless_values, $episodes, false)
    where passage_has_day is not true
),

counted as (
    select stage_rank, count(*) as n, quantile_cont(greatest(us, 0) / 1000000, [0.5, 0.9]) as seconds
    from passages
    where us >= -60000000
    group by stage_rank
)

select
    stages.stage,
    coalesce(counted.n, 0) as n,
    counted.seconds[1] as median,
    counted.seconds[2] as p90
from stages
left join counted on counted.stage_rank = stages.stage_rank
where stages.has_next
order by stages.stage_rank;
