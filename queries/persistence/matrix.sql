-- Calls and emails: how many each lead got in the days that are promised, and how many of those became SQLs.
-- grain: one row per number of calls and of emails (6 stands for 6 and more)
-- unit: passes of leads handed over at least the days ago; rate is of the old_enough, of whom it can be told whether they became an SQL in sql_days
-- params: filters, $days number = 14 (days from hand-over in which touches count), $sql_days number = 59 (days from opening to SQL)
with
chosen as (
    select
        episode_no,
        epoch_us(about.data_through) - epoch_us(opened_at) >= round($sql_days * 86400000000) as is_old,
        coalesce(epoch_us(sql_entry_at) - epoch_us(opened_at) <= round($sql_days * 86400000000), false) as is_qualified
    from chosen_follow_ups($since, $until, $wanted, $fields, $unless_fields, $unless_values, $episodes)
    cross join about
    where start_age_us >= round($days * 86400000000)
),

counted as (
    select
        least(coalesce(made.calls, 0), 6) as calls,
        least(coalesce(made.emails, 0), 6) as emails,
        chosen.is_old,
        chosen.is_old and chosen.is_qualified as is_qualified
    from chosen
    left join made_in_days($days) as made on made.episode_no = chosen.episode_no
)

select
    calls,
    emails,
    count(*) as leads,
    count(*) filter (where is_old) as old_enough,
    count(*) filter (where is_qualified) as qualified,
    count(*) filter (where is_qualified) / nullif(count(*) filter (where is_old), 0) as rate
from counted
group by calls, emails
order by calls, emails;
