-- Every reason that was ever given for a way out, as typed.
select distinct cast(exit_reason as varchar) as reason
from episodes
where exit_reason is not null
order by reason;
