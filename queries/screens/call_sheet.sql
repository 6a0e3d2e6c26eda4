-- The leads of these numbers, as whoever calls them needs them.
select lead_no, lead_id, company, job_title, phone, email, source
from leads
where lead_no in (select unnest($lead_nos))
order by lead_no;
