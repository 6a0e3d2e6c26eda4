-- Source and campaign as known when the lead was created, of the leads of which either ever changed: the latest change known by then, else the value
-- before the first one. The others have the value of the lead.
create temp table created_values as
with
changes as (
    select
        canonical.lead_no,
        canonical.field,
        greatest(canonical.occurred_at, coalesce(canonical.recorded_at, canonical.occurred_at), leads.created_at) as known_at,
        leads.created_at,
        canonical.occurred_at,
        canonical.row_no,
        coalesce(canonical.value, '') as value,
        coalesce(canonical.old_value, '') as old_value
    from history.canonical.lead_changes as canonical
    inner join resolved_leads as leads on leads.lead_no = canonical.lead_no
    where canonical.subject_no = canonical.lead_no and canonical.field in ('source', 'campaign')
),

at_creation as (
    select
        lead_no,
        field,
        coalesce(
            last(value order by occurred_at, row_no) filter (where known_at <= created_at),
            first(old_value order by known_at, occurred_at, row_no)
        ) as label
    from changes
    group by lead_no, field
)

select
    lead_no,
    max(label) filter (where field = 'source') as source,
    max(label) filter (where field = 'campaign') as campaign
from at_creation
group by lead_no;
