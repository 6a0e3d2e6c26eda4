-- Every pass, by lead and number, and from when on it is no longer the lead's open one.
select lead_no, pass_no, epoch_us(opened_at) as opened_us, epoch_us(least(closed_at, next_opened_at)) as ends_us
from episodes
order by lead_no, pass_no;
