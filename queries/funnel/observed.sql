-- Observed and implied: how many episodes reached each stage by an event of its own, and how many because a later stage was seen.
-- grain: one row per stage
-- unit: episodes
-- params: filters
select
    stages.stage,
    count(chosen.episode_no) as reached,
    count(chosen.observed_at) as observed,
    count(chosen.episode_no) - count(chosen.observed_at) as implied,
    count(*) filter (where stages.stage = 'sal' and chosen.observed_at is not null and episodes.sal_actor_id is null) as without_actor,
    count(*) filter (where episodes.is_out_of_order) as out_of_order
from stages
left join chosen_steps($since, $until, $wanted, $fields, $unless_fields, $unless_values, $episodes, false) as chosen on chosen.stage_rank = stages.stage_rank
left join episodes on episodes.episode_no = chosen.episode_no
group by stages.stage, stages.stage_rank
order by stages.stage_rank;
