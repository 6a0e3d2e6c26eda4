-- Leads created: those of a source or campaign as known at creation, also those that were never handed over.
-- grain: one row per lead
-- unit: lead
-- params: filters, $most integer = 100 (rows at most)
with
texts as (
    select told.label, compared(told.label, $labels, $keys) as key
    from (
        select leads.created_source as label
        from leads
        union
        select leads.created_campaign as label
        from leads
    ) as told
    where told.label is not null
),

found as (
    select created.lead_no, created.created_at, created.source, created.campaign
    from created_leads(
            $since, $until, $lead_wanted, $lead_fields, $lead_unless_fields, $lead_unless_values, $lead_columns, $labels, $keys
        ) as created
    left join texts as source_texts on source_texts.label = created.source
    left join texts as campaign_texts on campaign_texts.label = created.campaign
    where
        ($source_keys is null or list_contains($source_keys, coalesce(source_texts.key, '')))
        and ($campaign_keys is null or list_contains($campaign_keys, coalesce(campaign_texts.key, '')))
),

page as (
    select found.*, count(*) over () as total
    from found
    order by found.created_at desc, found.lead_no desc
    limit $most
)

select
    leads.lead_id,
    leads.company,
    page.source,
    page.campaign,
    leads.created_at,
    leads.stands_at,
    leads.passes,
    leads.first_opened_at,
    leads.rep_id,
    leads.team,
    leads.last_touch_at,
    leads.last_activity_at,
    page.total
from page
inner join leads on leads.lead_no = page.lead_no
order by page.created_at desc, page.lead_no desc;
