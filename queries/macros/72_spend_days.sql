-- Each row of spend with the days that it pays for and how many of them lie in the period. A month's amount pays for all days of its month: written
-- as a month, or on the first of a month where the source has no other days. Rows that begin after the last day covered are as if not there.
create macro spend_days(p_since_day, p_until_day, p_last_day, p_labels, p_keys) as table
with
read as (
    select
        spend.source,
        spend.campaign,
        spend.amount,
        length(spend.date) = 7 as is_month,
        (left(spend.date, 7) || '-01')::date as month_day,
        case when length(spend.date) = 7 then spend.date || '-01' else spend.date end::date as first_day
    from history.canonical.spend as spend
),

texts as (
    select told.label, compared(told.label, p_labels, p_keys) as key
    from (
        select read.source as label
        from read
        union
        select read.campaign as label
        from read
    ) as told
),

keyed as (
    select read.*, sources.key as source_key, coalesce(campaigns.key, '') as campaign_key
    from read
    inner join texts as sources on sources.label = read.source
    left join texts as campaigns on campaigns.label = read.campaign
    where read.first_day <= p_last_day
),

kinds as (
    select keyed.source_key, bool_and(keyed.first_day = keyed.month_day) as is_monthly
    from keyed
    group by keyed.source_key
),

spread as (
    select
        keyed.source,
        keyed.campaign,
        keyed.source_key,
        keyed.campaign_key,
        keyed.amount,
        keyed.first_day,
        case when keyed.is_month or kinds.is_monthly then (keyed.month_day + interval 1 month)::date else (keyed.first_day + interval 1 day)::date end
            as after_day
    from keyed
    inner join kinds on kinds.source_key = keyed.source_key
)

select
    spread.*,
    date_diff('day', spread.first_day, spread.after_day) as days,
    greatest(
        0,
        date_diff(
            'day',
            greatest(spread.first_day, coalesce(p_since_day, spread.first_day)),
            least(spread.after_day, coalesce(p_until_day, spread.after_day), (p_last_day + interval 1 day)::date)
        )
    ) as days_in
from spread;
