-- The chosen passes that are dead, and what became of each (prepare/90_deaths.sql).
create macro dead_passes(p_since, p_until, p_wanted, p_fields, p_unless_fields, p_unless_values, p_passes) as table
select deaths.*, chosen.opened_at
from chosen_follow_ups(p_since, p_until, p_wanted, p_fields, p_unless_fields, p_unless_values, p_passes) as chosen
inner join deaths on deaths.episode_no = chosen.episode_no;
