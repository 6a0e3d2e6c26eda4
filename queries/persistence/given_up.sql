-- Given up early: leads that were tried, never reached, and left lying before the promised number of attempts.
-- grain: one row
-- unit: passes of leads
-- params: filters, $k integer = 6 (attempts promised), $quiet_days number = 14 (days without an attempt until the end of the data), $only_recorded flag = false (where touches are recorded of only some teams, months or leads, only these)
-- needs: touches (open_unreached, left_lying, abandoned, share)
with
lying as (
    select
        chosen.attempts < $k as is_short,
        chosen.last_attempt_at < about.data_through - to_microseconds(round($quiet_days * 86400000000)::bigint) as is_quiet
    from judged_follow_ups($since, $until, $wanted, $fields, $unless_fields, $unless_values, $episodes, $only_recorded) as chosen
    cross join about
    where chosen.attempts > 0 and chosen.released_at is null
)

select
    count(*) as open_unreached,
    count(*) filter (where is_quiet) as left_lying,
    count(*) filter (where is_quiet and is_short) as abandoned,
    count(*) filter (where is_quiet and is_short) / nullif(count(*), 0) as share
from lying;
