-- Forecast: SQLs and won deals to come from the open leads, if leads go on as they did in the days looked back on.
-- grain: one row per outcome (sql, won), days ahead (empty: as far as leads have been followed) and group: all, one stage, one value of the attribute
-- unit: leads; low to high holds the number in 95 of 100 cases
-- params: filters, $by field (attribute by whose values leads are told apart), $past_days number = 182 (days looked back on)
-- then: forecast.ahead (curves, chances, intervals)
with
labelled as materialized (
    select told.episode_no, told.value_no
    from episode_values as told
    where told.field_no = $by
),

looked_back as (
    select
        about.data_through,
        about.data_through - to_microseconds(cast(round($past_days * 86400000000) as bigint)) as begins_at
    from about
)

select
    chosen.stage_rank,
    labelled.value_no,
    case chosen.became when 'advanced' then 0 when 'open' then 2 else 1 end as ended,
    epoch_us(looked_back.data_through) - epoch_us(chosen.entered_at) as entered_ago_us,
    epoch_us(looked_back.data_through) - epoch_us(greatest(coalesce(chosen.next_at, chosen.left_at, looked_back.data_through), chosen.entered_at))
        as ended_ago_us,
    chosen.became = 'open' and ($since is null or chosen.opened_at >= $since) and ($until is null or chosen.opened_at < $until) as is_asked
from chosen_steps(null, null, $wanted, $fields, $unless_fields, $unless_values, $episodes, false) as chosen
cross join looked_back
left join labelled on labelled.episode_no = chosen.episode_no
where
    chosen.stage_rank < 5
    and greatest(coalesce(chosen.next_at, chosen.left_at, looked_back.data_through), chosen.entered_at) >= looked_back.begins_at;
