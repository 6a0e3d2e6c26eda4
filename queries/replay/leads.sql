-- The leads that a replay decides on: survivors of merges, created in the extract.
select lead_no, epoch_us(created_at) as created_us
from history.main.leads
order by lead_no;
