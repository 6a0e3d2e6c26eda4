-- The assignments that count, by lead, in the order in which they are read.
select lead_no, rep_id::varchar as rep_id, epoch_us(occurred_at) as occurred_us
from assignments
order by lead_no, occurred_at, event_id nulls last, row_no;
