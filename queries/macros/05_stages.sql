-- The stages of the funnel in order.
create view stages as
select listed.stage, listed.stage_rank, listed.stage <> 'won' as has_next
from (values ('mql', 1), ('sal', 2), ('sql', 3), ('opportunity', 4), ('won', 5)) as listed (stage, stage_rank);
