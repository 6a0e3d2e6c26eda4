-- Changes of the attributes of surviving leads (those of leads merged into them are dropped), with when each was known. An empty text: no value.
create temp view attribute_changes as
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
where canonical.subject_no = canonical.lead_no;
