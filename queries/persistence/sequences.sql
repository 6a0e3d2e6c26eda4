-- Sequences: by which channels leads are tried one after the other, and how often the last of these attempts reaches them.
-- grain: one row per order of the first one, two or three attempts
-- unit: passes of leads not reached before that attempt; hazard is a share, empty under 30
-- params: filters
with
chosen as (
    select episode_no, tried, contact_attempt
    from chosen_follow_ups($since, $until, $wanted, $fields, $unless_fields, $unless_values, $episodes)
    where tried > 0
),

paths as (
    select
        made.attempt_no as attempt,
        chosen.contact_attempt,
        string_agg(made.channel::varchar, ' > ') over (partition by made.episode_no order by made.attempt_no rows unbounded preceding) as sequence
    from attempts as made
    inner join chosen on chosen.episode_no = made.episode_no
    where made.attempt_no <= least(chosen.tried, 3)
),

counted as (
    select sequence, attempt, count(*) as at_risk, count(*) filter (where contact_attempt = attempt) as contacted
    from paths
    group by sequence, attempt
)

select
    sequence,
    attempt,
    at_risk,
    contacted,
    case when at_risk >= 30 then contacted / nullif(at_risk, 0) end as hazard
from counted
order by attempt, at_risk desc, sequence;
