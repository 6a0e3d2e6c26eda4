-- Whose the passes of these numbers are, and when each opened.
select episode_no, lead_no, epoch_us(opened_at) as opened_us
from episodes
where episode_no in (select unnest($episode_nos))
order by episode_no;
