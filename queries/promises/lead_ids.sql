-- The ids of some leads.
select lead_no, lead_id
from leads
where lead_no in (select unnest($leads));
