-- Gaps: how long reps wait between one attempt and the next, of leads not reached before.
-- grain: one row per attempt that was followed by another
-- unit: seconds
-- params: filters, $only_recorded flag = false (where touches are recorded of only some teams, months or leads, only these)
-- needs: touches
with
pairs as (
    select made.attempt_no - 1 as attempt, made.gap_us
    from chosen_attempts($since, $until, $wanted, $fields, $unless_fields, $unless_values, $episodes, $only_recorded) as made
    where made.attempt_no > 1 and not made.gap_has_day
)

select
    attempt,
    count(*) as n,
    quantile_cont(gap_us, 0.5) / 1000000 as median,
    quantile_cont(gap_us, 0.9) / 1000000 as p90
from pairs
group by attempt
order by attempt;
