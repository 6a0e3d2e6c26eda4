-- Breakdown: the funnel by the values of one attribute, as known when the episode opened.
-- grain: one row per value and stage; a missing value is empty
-- unit: episodes; conversion is a share
-- params: filters, $by field = source (attribute, or rep, or team), $mql_days number = 14 (days from MQL to SAL), $sal_days number = 45 (days from SAL to SQL), $sql_days number = 45 (days from SQL to opportunity), $opportunity_days number = 180 (days from opportunity to won)
with
told as materialized (
    select episode_no, value_no from episode_values where field_no = $by
),

kinds as (
    select told.value_no, judged.stage_rank, judged.became, judged.is_mature, judged.is_in_time, count(*) as n
    from judged_steps($since, $until, $wanted, $fields, $unless_fields, $unless_values, $episodes, $mql_days, $sal_days, $sql_days, $opportunity_days) as judged
    left join told on told.episode_no = judged.episode_no
    group by told.value_no, judged.stage_rank, judged.became, judged.is_mature, judged.is_in_time
),

counted as (
    select
        coalesce(value_no, -1) as value_no,
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
    group by kinds.value_no, stage_rank
)

select
    labels.label as value,
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
from (select value_no, max(entered) as size from counted group by value_no) as grouped
cross join stages
left join counted on counted.value_no = grouped.value_no and counted.stage_rank = stages.stage_rank
left join (select value_no, label from field_values where field_no = $by) as labels on labels.value_no = grouped.value_no
order by grouped.size desc, labels.label nulls last, stages.stage_rank;
