-- Conversion by number of attempts: of the leads that got so many attempts in all, the share that went on to the end stage. Survivors only: read it beside the chance per attempt.
-- grain: one row per number of attempts (0 included)
-- unit: passes of leads old enough; rate is of the leads with just so many; hazard of the at_risk leads with at least so many, empty under 30
-- params: filters, $goal choice(sql|won) = sql (the stage that counts), $within_days number = 59 (days from opening to it), $only_recorded flag = false (where touches are recorded of only some teams, months or leads, only these)
-- needs: touches
with
chosen as (
    select
        chosen_ones.attempts,
        coalesce(
            epoch_us(case $goal when 'won' then episodes.won_at else chosen_ones.sql_entry_at end) - epoch_us(chosen_ones.opened_at)
            <= round($within_days * 86400000000),
            false
        ) as is_converted
    from judged_follow_ups($since, $until, $wanted, $fields, $unless_fields, $unless_values, $episodes, $only_recorded) as chosen_ones
    inner join episodes on episodes.episode_no = chosen_ones.episode_no
    cross join about
    where epoch_us(about.data_through) - epoch_us(chosen_ones.opened_at) >= round($within_days * 86400000000)
),

kinds as (
    select attempts, count(*) as leads, count(*) filter (where is_converted) as converted
    from chosen
    group by attempts
),

followed as (
    select
        kinds.attempts,
        kinds.leads,
        kinds.converted,
        sum(kinds.leads) over (order by kinds.attempts desc rows unbounded preceding) as at_risk
    from kinds
)

select
    followed.attempts,
    followed.leads,
    followed.converted,
    followed.converted / nullif(followed.leads, 0) as rate,
    cast(trunc(followed.at_risk) as bigint) as at_risk,
    case when followed.at_risk >= 30 then followed.converted / nullif(followed.at_risk, 0) end as hazard,
    case when followed.at_risk >= 30 then wilson_low(followed.converted, followed.at_risk) end as low,
    case when followed.at_risk >= 30 then wilson_high(followed.converted, followed.at_risk) end as high
from followed
order by followed.attempts;
