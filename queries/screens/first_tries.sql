-- When a person first tried to reach each lead: by an outbound touch that no machine sent.
select subject_no as lead_no, epoch_us(min(occurred_at)) as tried_us
from history.canonical.touches
where subject_no is not null and direction = 'outbound' and not is_automated
group by subject_no;
