-- The classes of leaks in their order.
create view leak_classes as
select listed.class, listed.place
from (
    values
    ('rejected', 1), ('recycled', 2), ('disqualified', 3), ('lost', 4), ('never_assigned', 5), ('never_touched', 6),
    ('never_touched_since_accepted', 7), ('no_show', 8), ('contacted_no_decision', 9), ('worked_no_answer', 10), ('gave_up_early', 11),
    ('still_worked', 12), ('open_past_window', 13), ('not_recorded', 14)
) as listed (class, place);
-- The step that begins with each stage, as the metrics of leaks write it.
create view leak_steps as
select listed.stage_rank::tinyint as stage_rank, listed.step
from (values (1, 'mql->sal'), (2, 'sal->sql'), (3, 'sql->opportunity'), (4, 'opportunity->won')) as listed (stage_rank, step);
