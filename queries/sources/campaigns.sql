-- Campaigns and cost: the same by source and campaign. Where no spend of a source names a campaign, it is not split and no campaign has a cost.
-- grain: one row per source and campaign; one that is not known is empty
-- unit: leads; amounts in the reporting currency
-- params: filters
-- needs: spend (spend, cost_per_lead, cost_per_mql, cost_per_sql, cost_per_won)
with
summed as (
    select source, campaign, leads, mqls, sals, sqls, won, spend, case when is_split then spend end as shared
    from source_volumes(
            $since, $until, $wanted, $fields, $unless_fields, $unless_values, $episodes, $since_day, $until_day, $last_day, $source_keys,
            $campaign_keys, $lead_wanted, $lead_fields, $lead_unless_fields, $lead_unless_values, $lead_columns, $labels, $keys, true
        )
    where leads + mqls > 0 or is_paid
)

select
    source,
    campaign,
    leads,
    mqls,
    sals,
    sqls,
    won,
    spend,
    shared / nullif(leads, 0) as cost_per_lead,
    shared / nullif(mqls, 0) as cost_per_mql,
    shared / nullif(sqls, 0) as cost_per_sql,
    shared / nullif(won, 0) as cost_per_won
from summed
order by spend desc nulls last, source nulls last, campaign nulls last;
