-- Of the time before $now and of the time from it on ($first and $last: their outer ends), by value of an attribute as known when the pass opened:
-- how many passes entered a stage (of shares: had their time at it end then), and how many of these had gone on within the window.
with
told as (
    select episode_no, value_no from episode_values where field_no = $field_no
),

placed as (
    select
        judged.episode_no,
        judged.is_converted,
        case when $is_share then judged.entered_at + listed.horizon else judged.observed_at end as counted_at
    from
        judged_steps(
            null, null, null, 0, null, null, 'all', $mql_days, $sal_days, $sql_days, $opportunity_days
        ) as judged
    inner join windows($mql_days, $sal_days, $sql_days, $opportunity_days) as listed on listed.stage_rank = judged.stage_rank
    where judged.stage_rank = $stage_rank and (judged.is_mature or not $is_share)
)

select
    labels.label as value,
    placed.counted_at >= $now as is_now,
    count(*) as n,
    count(*) filter (where placed.is_converted) as k
from placed
left join told on told.episode_no = placed.episode_no
left join (select value_no, label from field_values where field_no = $field_no) as labels on labels.value_no = told.value_no
where placed.counted_at >= $first and placed.counted_at < $last
group by labels.label, is_now
order by value nulls last, is_now
