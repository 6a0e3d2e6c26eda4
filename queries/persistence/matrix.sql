-- Calls and emails: how many each lead got in the days that are promised, and how many of those became SQLs.
-- grain: one row per number of calls and of emails (6 stands for 6 and more)
-- unit: passes of leads handed over at least the days ago; rate is of the old_enough, of whom it can be told whether they became an SQL in sql_days
-- params: filters, $days number = 14 (days from hand-over in which touches count), $sql_days number = 59 (days from opening to SQL), $only_recorded flag = false (where touches are recorded of only some teams, months or leads, only these)
-- needs: touches
with
chosen as (
    select
        episode_no,
        epoch_us(about.data_through) - epoch_us(opened_at) >= round($sql_days * 86400000000) as is_old,
        coalesce(epoch_us(sql_entry_at) - epoch_us(opened_at) <= round($sql_days * 86400000000), false) as is_qualified
    from judged_follow_ups($since, $until, $wanted, $fields, $unless_fields, $unless_values, $episodes, $only_recorded)
    cross join about
    where start_age_us >= round($days * 86400000000)
),

made as (
    select episode_no, count(*) filter (where channel = 'call') as calls, count(*) as touches
    from attempts
    where since_start_us between 0 and round($days * 86400000000) and channel in ('call', 'email') and channel_no <= 6
    group by episode_no
),

kinds as (
    select made.calls, made.touches - made.calls as emails, chosen.is_old, chosen.is_qualified, count(*) as n
    from made
    inner join chosen on chosen.episode_no = made.episode_no
    group by made.calls, made.touches - made.calls, chosen.is_old, chosen.is_qualified
),

-- those who got neither are all less those who got either: quicker by a fifth than an outer join
whole as (
    select calls, emails, is_old, is_qualified, n
    from kinds
    union all
    select 0 as calls, 0 as emails, is_old, is_qualified, count(*) as n
    from chosen
    group by is_old, is_qualified
    union all
    select 0 as calls, 0 as emails, is_old, is_qualified, -n as n
    from kinds
)

select
    calls,
    emails,
    cast(sum(n) as bigint) as leads,
    cast(coalesce(sum(n) filter (where is_old), 0) as bigint) as old_enough,
    cast(coalesce(sum(n) filter (where is_old and is_qualified), 0) as bigint) as qualified,
    coalesce(sum(n) filter (where is_old and is_qualified), 0) / nullif(sum(n) filter (where is_old), 0) as rate
from whole
group by calls, emails
having sum(n) > 0
order by calls, emails;
