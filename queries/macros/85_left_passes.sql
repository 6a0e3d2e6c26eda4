-- The chosen passes that left the funnel: by which way out (class), from which step, and why, as typed. One that was won in the end left nowhere.
create macro left_passes(p_since, p_until, p_wanted, p_fields, p_unless_fields, p_unless_values, p_passes) as table
select
    chosen.episode_no,
    chosen.lead_no,
    chosen.pass_no,
    chosen.opened_at,
    chosen.stage_rank,
    chosen.exit_stage::varchar as class,
    chosen.left_at,
    episodes.exit_reason::varchar as exit_reason,
    episodes.next_opened_at
from chosen_steps(p_since, p_until, p_wanted, p_fields, p_unless_fields, p_unless_values, p_passes, false) as chosen
inner join episodes on episodes.episode_no = chosen.episode_no
where chosen.exit_stage is not null and chosen.stage_rank < 5;
-- The step that begins with each stage, as the metrics of leaks write it.
create view leak_steps as
select listed.stage_rank::tinyint as stage_rank, listed.step
from (values (1, 'mql->sal'), (2, 'sal->sql'), (3, 'sql->opportunity'), (4, 'opportunity->won')) as listed (stage_rank, step);
