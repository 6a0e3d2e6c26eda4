-- One row per attempt (outbound, by a person) of an episode, in order. channel_no: which of its channel it was since the hand-over; 0 before it.
-- path: the channels of the first three attempts up to this one. gap_us: since the attempt before. gap_has_day: it or that one is a day without a time of day. is_before_contact: nobody had reached the lead.
create table history.main.attempts as
select episode_no, attempt_no, channel, attempted_at, gap_has_day, channel_no, path, since_start_us, gap_us, is_before_contact
from found_attempts
order by episode_no, attempt_no;
