-- The kinds of acts that leads of this history did, in the order of the alphabet.
select activity::varchar as activity, count(*) as n
from history.canonical.activities
where subject_no is not null
group by activity
order by activity;
