-- Funnel: how many episodes entered each stage, and what became of them.
-- grain: one row per stage
-- unit: episodes; conversion is a share
-- params: filters, $mql_days number = 14 (days from MQL to SAL), $sal_days number = 45 (days from SAL to SQL), $sql_days number = 45 (days from SQL to opportunity), $opportunity_days number = 180 (days from opportunity to won)
with
kinds as (
    select stage_rank, became, is_mature, is_in_time, count(*) as n
    from judged_steps($since, $until, $wanted, $fields, $unless_fields, $unless_values, $episodes, $mql_days, $sal_days, $sql_days, $opportunity_days)
    group by stage_rank, became, is_mature, is_in_time
),

counted as (
    select
        stage_rank,
        cast(sum(n) as bigint) as entered,
        cast(sum(n) filter (where became = 'advanced') as bigint) as reached_next,
        cast(sum(n) filter (where became = 'rejected') as bigint) as rejected,
        cast(sum(n) filter (where became = 'recycled') as bigint) as recycled,
        cast(sum(n) filter (where became = 'lost') as bigint) as lost,
        cast(sum(n) filter (where became = 'open' and not is_mature) as bigint) as open_in_window,
        cast(sum(n) filter (where became = 'open' and is_mature) as bigint) as open_past_window,
        cast(sum(n) filter (where is_mature) as bigint) as mature,
        cast(sum(n) filter (where is_mature and is_in_time) as bigint) as converted
    from kinds
    group by stage_rank
)

select
    stages.stage,
    coalesce(counted.entered, 0) as entered,
    case when stages.has_next then coalesce(counted.reached_next, 0) end as reached_next,
    case when stages.has_next then coalesce(counted.rejected, 0) end as rejected,
    case when stages.has_next then coalesce(counted.recycled, 0) end as recycled,
    case when stages.has_next then coalesce(counted.lost, 0) end as lost,
    case when stages.has_next then coalesce(counted.open_in_window, 0) end as open_in_window,
    case when stages.has_next then coalesce(counted.open_past_window, 0) end as open_past_window,
    case when stages.has_next then coalesce(counted.mature, 0) end as mature,
    case when stages.has_next then coalesce(counted.converted, 0) end as converted,
    case when stages.has_next then coalesce(counted.converted, 0) / nullif(counted.mature, 0) end as conversion
from stages
left join counted on counted.stage_rank = stages.stage_rank
order by stages.stage_rank;
