-- Time in stage: from an observed entry to the next later stage observed. Ties count as 0, out-of-order pairs are left out.
-- grain: one row per stage
-- unit: seconds
-- params: filters
with
durations as (
    select stage_rank, greatest(epoch_us(next_observed_at) - epoch_us(observed_at), 0) / 1000000 as seconds
    from chosen_steps($since, $until, $wanted, $fields, $unless_fields, $unless_values, $episodes, false)
    where observed_at is not null and next_observed_at >= observed_at - to_seconds(60)
)

select
    stages.stage,
    count(durations.seconds) as n,
    quantile_cont(durations.seconds, 0.5) as median,
    quantile_cont(durations.seconds, 0.9) as p90
from stages
left join durations on durations.stage_rank = stages.stage_rank
where stages.has_next
group by stages.stage, stages.stage_rank
order by stages.stage_rank;
