-- The leads of these numbers: who they are, where they stand.
select lead_no, lead_id, company, source, stands_at, rep_id, team, touches, last_touch_at, activities, last_activity_at
from leads
where list_contains($lead_nos, lead_no)
order by lead_no;
