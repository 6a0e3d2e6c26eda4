-- Every act that counts, in the order in which it is stored: by lead, then by when it happened.
select subject_no as lead_no, activity, epoch_us(occurred_at) as occurred_us
from history.canonical.activities
where subject_no is not null;
