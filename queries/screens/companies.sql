-- The company of these leads.
select lead_id, company
from leads
where list_contains($lead_ids, lead_id)
