-- The leads of these numbers: who they are, where they stand.
select lead_no, lead_id, company, source, stands_at, rep_id, team, touches, last_touch_at, activities, last_activity_at
from leads
where lead_no in (select unnest($lead_nos))
order by lead_no;
