-- Top of the funnel: of the leads created in the period, the share that ever opened an episode within the window.
-- grain: one row per cohort (week or month in which the lead was created)
-- unit: leads; conversion is a share
-- params: $since instant (created at or after), $until instant (created before), $grain choice(week|month) = week (length of a cohort), $inquiry_days number = 90 (days from inquiry to MQL)
with
windows as (
    select
        round($inquiry_days * 86400000000)::bigint as micros,
        about.data_through - to_microseconds(round($inquiry_days * 86400000000)::bigint) as last_mature
    from about
),

judged as (
    select
        case $grain when 'month' then leads.created_month else leads.created_week end as cohort,
        leads.first_opened_at,
        windows.last_mature >= leads.created_at as is_mature,
        leads.micros_to_first_pass <= windows.micros as is_in_time
    from leads
    cross join windows
    where ($since is null or leads.created_at >= $since) and ($until is null or leads.created_at < $until)
)

select
    cohort,
    count(*) as leads,
    count(first_opened_at) as opened,
    count(*) filter (where is_mature) as mature,
    count(*) filter (where is_mature and is_in_time) as converted,
    count(*) filter (where is_mature and is_in_time) / nullif(count(*) filter (where is_mature), 0) as conversion
from judged
group by cohort
order by cohort;
