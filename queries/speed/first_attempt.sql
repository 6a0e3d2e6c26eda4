-- Time to first attempt: how long leads wait from MQL until a person tries to reach them.
-- grain: one row
-- unit: seconds on the clock; a share within a limit is of all passes old enough to have had it, those never tried included. No clock ran where the MQL or the first attempt is a day without a time of day: those passes are counted and in no time and no share
-- params: filters, $only_recorded flag = false (where touches are recorded of only some teams, months or leads, only these)
-- needs: touches (attempted, median, p90, within_5m, within_30m, within_1h, within_24h, within_48h)
with
waits as materialized (
    select waited_us, age_us, is_dated, first_attempt_at is not null as is_attempted, first_attempt_at is null as is_censored
    from judged_follow_ups($since, $until, $wanted, $fields, $unless_fields, $unless_values, $episodes, $only_recorded)
    where mql_at is not null
),

everyone as (
    select count(*) as episodes, count(*) filter (where is_attempted) as attempted
    from waits
),

counted as (
    select
        count(*) as clocked,
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
    where not is_dated
),

-- Kaplan-Meier, one factor per attempt: attempts at one time give the same product one by one. At a tie attempts come before the censored.
ranked as (
    select waited_us, is_attempted, row_number() over (order by waited_us * 2 + cast(is_censored as int)) as rank_no
    from waits
    where not is_dated
),

factors as materialized (
    select
        ranked.waited_us,
        ranked.rank_no,
        floor(ranked.rank_no / 1024) as block_no,
        case
            when not ranked.is_attempted then 0
            when ranked.rank_no = counted.clocked then -1000  -- the last under watch: the curve is at 0
            else ln(1 - 1 / nullif(counted.clocked - ranked.rank_no + 1, 0))
        end as log_factor
    from ranked
    cross join counted
),

-- The curve is followed in blocks, then row by row in the block where a quantile lies: one sort, not two.
blocks as (
    select
        block_no,
        log_factor,
        sum(log_factor) over (order by block_no rows unbounded preceding) as log_waiting
    from (select block_no, sum(log_factor) as log_factor from factors group by block_no) as summed
),

asked as (
    select wanted.name, wanted.log_limit, first_block.block_no, blocks.log_waiting - blocks.log_factor as log_before
    from (values ('median', ln(0.5) + 1e-9), ('p90', ln(0.1) + 1e-9)) as wanted (name, log_limit)
    inner join (
        select limits.log_limit, min(blocks.block_no) as block_no
        from (values (ln(0.5) + 1e-9), (ln(0.1) + 1e-9)) as limits (log_limit)
        inner join blocks on blocks.log_waiting <= limits.log_limit
        group by limits.log_limit
    ) as first_block on first_block.log_limit = wanted.log_limit
    inner join blocks on blocks.block_no = first_block.block_no
),

followed as (
    select
        asked.name,
        factors.waited_us,
        asked.log_limit,
        asked.log_before + sum(factors.log_factor) over (partition by asked.name order by factors.rank_no rows unbounded preceding) as log_waiting
    from asked
    inner join factors on factors.block_no = asked.block_no
),

quantiles as (
    select
        min(waited_us) filter (where name = 'median') as median_us,
        min(waited_us) filter (where name = 'p90') as p90_us
    from followed
    where log_waiting <= log_limit
)

select
    everyone.episodes,
    everyone.attempted,
    quantiles.median_us / 1000000 as median,
    quantiles.p90_us / 1000000 as p90,
    counted.within_5m,
    counted.within_30m,
    counted.within_1h,
    counted.within_24h,
    counted.within_48h
from counted
cross join everyone
cross join quantiles;
