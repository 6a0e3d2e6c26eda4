-- How far the history reaches: from when each passage is recorded, and how many entered before, none of whom is seen to go on in the usual time.
-- grain: one row per stage with a next one
-- unit: episodes; usual_seconds is the median time of passage
-- params: none
with
passages as (
    select
        stage_rank,
        min(next_at) as recorded_from,
        quantile_cont(micros_to_next, 0.5) filter (where micros_to_next >= 0) as usual_us,
        count(*) as entered,
        count(next_at) as advanced
    from steps
    group by stage_rank
)

select
    stages.stage,
    passages.recorded_from,
    passages.usual_us / 1000000 as usual_seconds,
    count(*) filter (where epoch_us(steps.entered_at) + passages.usual_us < epoch_us(passages.recorded_from)) as entered_before,
    count(*) filter (where epoch_us(steps.entered_at) + passages.usual_us < epoch_us(passages.recorded_from))
    * 0.5 * passages.advanced / nullif(passages.entered, 0) as expected_by_then
from passages
inner join stages on stages.stage_rank = passages.stage_rank
inner join steps on steps.stage_rank = passages.stage_rank
where stages.has_next
group by stages.stage, stages.stage_rank, passages.recorded_from, passages.usual_us, passages.advanced, passages.entered
order by stages.stage_rank;
