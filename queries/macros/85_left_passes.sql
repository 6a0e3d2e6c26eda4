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
-- The same with the class of the reason given. p_reasons: two lists, every reason as typed and its class (plumbline/leaks/reasons.py).
create macro reasoned_passes(p_since, p_until, p_wanted, p_fields, p_unless_fields, p_unless_values, p_passes, p_reasons) as table
select left_by.*, coalesce(mapped.reason, 'unstated') as reason
from left_passes(p_since, p_until, p_wanted, p_fields, p_unless_fields, p_unless_values, p_passes) as left_by
left join (
    select unnest((p_reasons::varchar[][])[1]) as typed, unnest((p_reasons::varchar[][])[2]) as reason
) as mapped on mapped.typed = left_by.exit_reason;
