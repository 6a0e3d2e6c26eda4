-- The reps, as they were brought in: team, zone, and how many leads a week each can take.
select rep_id, name, team, time_zone, capacity
from reps
order by rep_id;
