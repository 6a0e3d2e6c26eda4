-- Every MQL of a lead that became one again while a pass of it was open.
select lead_no, epoch_us(occurred_at) as stands_us
from stage_changes
where stage = 'mql' and lead_no in (select repeated.lead_no from episodes as repeated where repeated.repeats > 0)
order by lead_no, stands_us;
