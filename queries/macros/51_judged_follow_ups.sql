-- The same without the passes whose touches are not on record, where p_each asks for these alone: passes of teams and months, and of leads that did not
-- come as far as those of whom alone touches are recorded.
create macro judged_follow_ups(p_since, p_until, p_wanted, p_fields, p_unless_fields, p_unless_values, p_passes, p_each) as table
select chosen.*
from chosen_follow_ups(p_since, p_until, p_wanted, p_fields, p_unless_fields, p_unless_values, p_passes) as chosen
where not p_each or chosen.episode_no not in (select blind.episode_no from unjudged_passes as blind where blind.touches_from = 9);
