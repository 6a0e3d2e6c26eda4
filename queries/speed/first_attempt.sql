-- Time to first attempt: how long leads wait from MQL until a person tries to reach them.
-- grain: one row
-- unit: seconds on the clock; within_t is a share of the passes old enough to have had t, never-tried ones included
-- params: filters
with
waits as (
    select waited_us, age_us, first_attempt_at is not null as is_attempted
    from chosen_follow_ups($since, $until, $wanted, $fields, $unless_fields, $unless_values, $episodes)
    where mql_at is not null
),

-- Kaplan-Meier, one factor per attempt (ties give the same product), as a running sum of logarithms. The last under watch brings the curve to 0.
ranked as (
    select
        waited_us,
        is_attempted,
        count(*) over () - row_number() over (order by waited_us, is_attempted desc) as after_it
    from waits
),

curve as (
    select
        waited_us,
        sum(case when not is_attempted then 0 when after_it = 0 then -1000 else ln(after_it / nullif(after_it + 1, 0)) end)
            over (order by after_it desc rows unbounded preceding) as log_waiting
    from ranked
),

quantiles as (
    select
        min(waited_us) filter (where log_waiting <= ln(0.5) + 1e-9) as median_us,
        min(waited_us) filter (where log_waiting <= ln(0.1) + 1e-9) as p90_us
    from curve
),

counted as (
    select
        count(*) as episodes,
        count(*) filter (where is_attempted) as attempted,
        count(*) filter (where is_attempted and waited_us <= 300000000 and age_us >= 300000000)
        / nullif(count(*) filter (where age_us >= 300000000), 0) as within_5m,
        count(*) filter (where is_attempted and waited_us <= 1800000000 and age_us >= 1800000000)
        / nullif(count(*) filter (where age_us >= 1800000000), 0) as within_30m,
        count(*) filter (where is_attempted and waited_us <= 3600000000 and age_us >= 3600000000)
        / nullif(count(*) filter (where age_us >= 3600000000), 0) as within_1h,
        count(*) filter (where is_attempted and waited_us <= 86400000000 and age_us >= 86400000000)
        / nullif(count(*) filter (where age_us >= 86400000000), 0) as within_24h,
        count(*) filter (where is_attempted and waited_us <= 172800000000 and age_us >= 172800000000)
        / nullif(count(*) filter (where age_us >= 172800000000), 0) as within_48h
    from waits
)

select
    counted.episodes,
    counted.attempted,
    quantiles.median_us / 1000000 as median,
    quantiles.p90_us / 1000000 as p90,
    counted.within_5m,
    counted.within_30m,
    counted.within_1h,
    counted.within_24h,
    counted.within_48h
from counted
cross join quantiles;
