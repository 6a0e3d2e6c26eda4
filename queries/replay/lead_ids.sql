-- The ids of the leads that a replay decides on, in its order.
select lead_id
from history.main.leads
order by lead_no;
