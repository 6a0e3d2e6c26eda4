-- Open leads by the rep who has them as the data end. Owners who are no reps (a queue) are left out where the reps were brought in.
select owner_id as rep_id, count(*) as open
from follow_ups
where owner_id is not null and (owner_id in (select reps.rep_id from reps) or not exists (select 1 from reps))
group by owner_id
order by owner_id;
