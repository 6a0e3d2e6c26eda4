-- The assignments that count, in the order in which the episodes read them.
select subject_no as lead_no, epoch_us(occurred_at) as occurred_us, rep_id::varchar as rep_id
from history.canonical.assignments
where subject_no is not null
order by subject_no, occurred_us, event_id nulls last, row_no;
