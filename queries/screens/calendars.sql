-- Open hours of the teams, as they were brought in.
select team, day, opens, closes
from history.canonical.calendars
order by team, day;
