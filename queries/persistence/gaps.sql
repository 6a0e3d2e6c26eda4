-- Gaps: how long reps wait between one attempt and the next, of leads not reached before.
-- grain: one row per attempt that was followed by another
-- unit: seconds
-- params: filters
with
pairs as (
    select made.attempt_no - 1 as attempt, made.gap_us
    from attempts as made
    inner join chosen_follow_ups($since, $until, $wanted, $fields, $unless_fields, $unless_values, $episodes) as chosen
        on chosen.episode_no = made.episode_no
    where made.attempt_no > 1 and made.is_before_contact
)

select
    attempt,
    count(*) as n,
    quantile_cont(gap_us, 0.5) / 1000000 as median,
    quantile_cont(gap_us, 0.9) / 1000000 as p90
from pairs
group by attempt
order by attempt;
