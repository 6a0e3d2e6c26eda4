-- The leads of these numbers, as a list of whom to call needs them.
select lead_no, lead_id, company, source, stands_at, first_opened_at, rep_id, touches, last_touch_at
from leads
where lead_no in (select unnest($lead_nos))
order by lead_no;
