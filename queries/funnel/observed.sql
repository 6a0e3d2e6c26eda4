-- Observed and implied: how many episodes reached each stage by an event of its own, and how many because a later stage was seen.
-- grain: one row per stage
-- unit: episodes
-- params: filters
with
counted as (
    select
        stage_rank,
        count(*) as reached,
        count(observed_at) as observed,
        count(*) filter (where is_silent) as without_actor,
        count(*) filter (where is_out_of_order) as out_of_order
    from chosen_steps($since, $until, $wanted, $fields, $unless_fields, $unless_values, $episodes, false)
    group by stage_rank
)

select
    stages.stage,
    coalesce(counted.reached, 0) as reached,
    coalesce(counted.observed, 0) as observed,
    coalesce(counted.reached - counted.observed, 0) as implied,
    coalesce(counted.without_actor, 0) as without_actor,
    coalesce(counted.out_of_order, 0) as out_of_order
from stages
left join counted on counted.stage_rank = stages.stage_rank
order by stages.stage_rank;
