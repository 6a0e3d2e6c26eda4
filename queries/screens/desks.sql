-- Every pass that was handed over to a rep, and how many open leads the rep had just before. What the filters leave out lay on the desk too.
select episode_no, rep_open_leads - 1 as open_before
from follow_ups
where rep_open_leads is not null
order by episode_no;
