-- Tries: how often each lead was tried until somebody reached it, it left or became an SQL, and where the tries stopped.
-- grain: one row per pass with an observed MQL
-- unit: attempts; stopped_after is empty where the tries did not stop, is_cut says that nobody can tell (the next pass or the end of the data came)
-- params: filters, $quiet_days number = 14 (days without a further attempt after which the tries have stopped), $only_recorded flag = false (where touches are recorded of only some teams, months or leads, only these)
-- needs: touches
with
chosen as (
    select *
    from judged_follow_ups($since, $until, $wanted, $fields, $unless_fields, $unless_values, $episodes, $only_recorded)
    where mql_at is not null
),

made as (
    select
        attempts.episode_no,
        count(*) as tries,
        max(attempts.attempted_at) as last_at,
        min(attempts.attempt_no) filter (
            where (case when attempts.attempt_no = 1 then attempts.since_start_us else attempts.gap_us end) > round($quiet_days * 86400000000)
        ) - 1 as gap_after
    from attempts
    inner join chosen on chosen.episode_no = attempts.episode_no
    where attempts.is_before_contact and (chosen.released_at is null or attempts.attempted_at <= chosen.released_at)
    group by attempts.episode_no
),

told as (
    select
        chosen.episode_no,
        chosen.released_at,
        coalesce(made.tries, 0) as tries,
        coalesce(chosen.contact_attempt = made.tries, false) as is_reached,
        made.gap_after,
        epoch_us(coalesce(chosen.released_at, chosen.watch_ends_at)) - epoch_us(coalesce(made.last_at, chosen.start_at))
        > round($quiet_days * 86400000000) as is_quiet
    from chosen
    left join made on made.episode_no = chosen.episode_no
)

select
    episode_no,
    tries,
    case when gap_after is not null then gap_after when is_quiet and not is_reached then tries end as stopped_after,
    is_reached,
    gap_after is null and not is_quiet and released_at is null as is_cut
from told
order by episode_no;
