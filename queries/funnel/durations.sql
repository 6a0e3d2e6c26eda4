-- Distribution of time in stage: how many observed passages from a stage to the next fell into each span of time.
-- grain: one row per stage and span; the last span has no upper end
-- unit: episodes; spans in seconds
-- params: filters, $edges numbers = 0 60 300 1800 3600 14400 86400 259200 604800 1209600 2592000 7776000 (lower ends of the spans in seconds)
with
durations as (
    select stage, stage_rank, greatest(epoch_us(next_observed_at) - epoch_us(observed_at), 0) / 1000000 as seconds
    from chosen_steps($since, $until, $wanted, $fields, $unless_fields, $unless_values, $episodes, false)
    where observed_at is not null and next_observed_at >= observed_at - to_seconds(60)
),

spans as (
    select unnest($edges) as low, unnest(list_append($edges[2:], null)) as high
)

select durations.stage, spans.low, spans.high, count(*) as n
from durations
inner join spans on durations.seconds >= spans.low and (spans.high is null or durations.seconds < spans.high)
group by durations.stage, durations.stage_rank, spans.low, spans.high
order by durations.stage_rank, spans.low;
