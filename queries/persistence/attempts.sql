-- Chance of contact at attempt k: of the leads that were tried a k-th time before anybody had reached them, the share reached by that attempt.
-- grain: one row per attempt
-- unit: passes of leads; hazard is a share with its 95 % Wilson interval, empty under 30
-- params: filters, $only_recorded flag = false (where touches are recorded of only some teams, months or leads, only these)
-- needs: touches
with
kinds as (
    select tried, contact_attempt, count(*) as n
    from judged_follow_ups($since, $until, $wanted, $fields, $unless_fields, $unless_values, $episodes, $only_recorded)
    where tried > 0
    group by tried, contact_attempt
),

numbered as (
    select unnest(range(1, (select max(tried) from kinds) + 1)) as attempt
),

counted as (
    select
        numbered.attempt,
        cast(sum(kinds.n) filter (where kinds.tried >= numbered.attempt) as bigint) as at_risk,
        cast(sum(kinds.n) filter (where kinds.contact_attempt = numbered.attempt) as bigint) as contacted
    from numbered
    cross join kinds
    group by numbered.attempt
),

whole as (
    select attempt, at_risk, coalesce(contacted, 0) as contacted
    from counted
)

select
    whole.attempt,
    whole.at_risk,
    whole.contacted,
    case when whole.at_risk >= 30 then whole.contacted / nullif(whole.at_risk, 0) end as hazard,
    case when whole.at_risk >= 30 then wilson_low(whole.contacted, whole.at_risk) end as low,
    case when whole.at_risk >= 30 then wilson_high(whole.contacted, whole.at_risk) end as high
from whole
order by whole.attempt;
