-- How many open leads every rep had at each of $ends who had any.
select ends_at, rep_id, count(*) as n
from open_leads($ends)
group by ends_at, rep_id;
