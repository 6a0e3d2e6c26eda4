-- Exits with no pass open before them, which close nothing: how many of each kind, most frequent first.
select stage, count(*) as n
from history.main.stray_exits
group by stage
order by n desc, stage;
