-- Leads created: those of a source or campaign as known at creation, also those that were never handed over.
-- grain: one row per lead
-- unit: lead
-- params: filters, $most integer = 100 (rows at most)
with
found as (
    select
        created.lead_no,
        created.source,
        created.campaign,
        coalesce(compared(created.source, $labels, $keys), '') as source_key,
        coalesce(compared(created.campaign, $labels, $keys), '') as campaign_key
    from created_leads(
            $since, $until, $lead_wanted, $lead_fields, $lead_unless_fields, $lead_unless_values, $lead_columns, $labels, $keys
        ) as created
)

select
    leads.lead_id,
    leads.company,
    found.source,
    found.campaign,
    leads.created_at,
    leads.stands_at,
    leads.passes,
    leads.first_opened_at,
    leads.rep_id,
    leads.team,
    leads.last_touch_at,
    leads.last_activity_at,
    count(*) over () as total
from found
inner join leads on leads.lead_no = found.lead_no
where
    ($source_keys is null or list_contains($source_keys, found.source_key))
    and ($campaign_keys is null or list_contains($campaign_keys, found.campaign_key))
order by leads.created_at desc, leads.lead_no desc
limit
    $most;
