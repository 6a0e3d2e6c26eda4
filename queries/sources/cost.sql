-- Sources and cost: what each source brought, what became of it, and what a lead of each kind cost.
-- grain: one row per source; a source that is not known is empty
-- unit: leads; amounts in the reporting currency
-- params: filters
-- needs: spend (spend, cost_per_lead, cost_per_mql, cost_per_sql, cost_per_won)
with
summed as (
    select
        source,
        cast(sum(leads) as bigint) as leads,
        cast(sum(mqls) as bigint) as mqls,
        cast(sum(sals) as bigint) as sals,
        cast(sum(sqls) as bigint) as sqls,
        cast(sum(won) as bigint) as won,
        sum(spend) as spend
    from source_volumes(
            $since, $until, $wanted, $fields, $unless_fields, $unless_values, $episodes, $since_day, $until_day, $last_day, $source_keys,
            $campaign_keys, $lead_wanted, $lead_fields, $lead_unless_fields, $lead_unless_values, $lead_columns, $labels, $keys, false
        )
    group by source
    having sum(leads) + sum(mqls) > 0 or bool_or(is_paid)
)

select
    source,
    leads,
    mqls,
    sals,
    sqls,
    won,
    spend,
    spend / nullif(leads, 0) as cost_per_lead,
    spend / nullif(mqls, 0) as cost_per_mql,
    spend / nullif(sqls, 0) as cost_per_sql,
    spend / nullif(won, 0) as cost_per_won
from summed
order by spend desc nulls last, source nulls last;
