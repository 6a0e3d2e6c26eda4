-- Distribution of time in stage: how many observed passages from a stage to the next fell into each span of time; days without a time of day are left out.
-- grain: one row per stage and span; the last span has no upper end
-- unit: episodes; spans in seconds
-- params: filters, $edges numbers = 0 60 300 1800 3600 14400 86400 259200 604800 1209600 2592000 7776000 (lower ends of the spans in seconds)
with
passages as (
    select stage_rank, epoch_us(next_observed_at) - epoch_us(observed_at) as us
    from chosen_steps($since, $until, $wanted, $fields, $unless_fields, $unless_values, $episodes, false)
    where passage_has_day is not true
),

spans as (
    select unnest($edges) as low, unnest(list_append($edges[2:], null)) as high
),

counted as (
    select passages.stage_rank, spans.low, spans.high, count(*) as n
    from passages
    inner join spans on greatest(passages.us, 0) / 1000000 >= spans.low and (spans.high is null or greatest(passages.us, 0) / 1000000 < spans.high)
    where passages.us >= -60000000
    group by passages.stage_rank, spans.low, spans.high
)

select stages.stage, counted.low, counted.high, counted.n
from counted
inner join stages on stages.stage_rank = counted.stage_rank
order by stages.stage_rank, counted.low;
