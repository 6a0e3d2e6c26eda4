-- One row per attempt (outbound, by a person) of an episode, in order. channel_no: which of its channel it was since the hand-over; 0 before it.
create table history.main.attempts as
select episode_no, attempt_no, channel, attempted_at, channel_no, since_start_us
from found_attempts
order by episode_no, attempt_no;
