-- Gaps: how long reps wait between one attempt and the next, of leads not reached before.
-- grain: one row per attempt that was followed by another
-- unit: seconds
-- params: filters
with
pairs as (
    select
        made.attempt_no,
        lead(made.since_start_us) over (partition by made.episode_no order by made.attempt_no) - made.since_start_us as gap_us,
        chosen.tried
    from attempts as made
    inner join chosen_follow_ups($since, $until, $wanted, $fields, $unless_fields, $unless_values, $episodes) as chosen
        on chosen.episode_no = made.episode_no
)

select
    attempt_no as attempt,
    count(*) as n,
    quantile_cont(gap_us, 0.5) / 1000000 as median,
    quantile_cont(gap_us, 0.9) / 1000000 as p90
from pairs
where gap_us is not null and attempt_no < tried
group by attempt_no
order by attempt_no;
