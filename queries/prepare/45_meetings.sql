-- One row per touch of an episode that tells of a meeting: booked, held, no_show, rescheduled or cancelled.
create table history.main.meetings as
select episode_no, meeting_no, told_at, outcome::enum('booked', 'held', 'no_show', 'rescheduled', 'cancelled') as outcome
from found_meetings
order by episode_no, meeting_no;
