-- How many assignments could be a hand-over: those to a rep of the reps table; without such a table, all of them.
select count(*) as n
from history.canonical.assignments
where
    subject_no is not null
    and (rep_id in (select reps.rep_id from reps) or not exists (select 1 from reps));
