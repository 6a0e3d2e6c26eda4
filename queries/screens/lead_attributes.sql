select *
from leads
where lead_id = $lead_id;
