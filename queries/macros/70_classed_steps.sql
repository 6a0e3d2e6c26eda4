-- The judged steps of the chosen episodes, and the class of leak of those that leaked there: that left the funnel, or are open past the step's window.
-- Of those still open the first class that fits; after the acceptance only touches since then count. gave_up_early: no attempt in the last 14 days.
-- not_recorded: owners and touches, by which the class is told, are not on record (p_each: of this pass). Where no won is recorded a step to won has
-- no leaks; p_each: nor has any other unrecorded step.
create macro classed_steps(
    p_since, p_until, p_wanted, p_fields, p_unless_fields, p_unless_values, p_passes, p_mql_days, p_sal_days, p_sql_days, p_opportunity_days, p_k, p_each
) as table
with
judged as (
    select *
    from judged_steps(
        p_since, p_until, p_wanted, p_fields, p_unless_fields, p_unless_values, p_passes, p_mql_days, p_sal_days, p_sql_days, p_opportunity_days
    ) as found
    where not ((p_each or found.stage_rank = 4) and found.stage_rank in (select unrecorded.stage_rank from unrecorded_steps as unrecorded))
),

still_open as (
    select
        judged.episode_no,
        judged.stage_rank,
        case when judged.stage_rank = 1 then tried.attempts else tried.accepted_attempts end as attempts,
        (case when judged.stage_rank = 1 then tried.first_contact_at else tried.accepted_contact_at end) is not null as is_contacted,
        tried.last_attempt_at < about.data_through - interval 14 day as is_given_up,
        tried.handed_over_at is null and known.owners_from <= judged.stage_rank as is_unassigned,
        known.touches_from <= judged.stage_rank as is_on_record,
        known.knows_contacts,
        coalesce(tried.accepted_meeting = 'no_show', false) as is_no_show
    from judged
    inner join follow_ups as tried on tried.episode_no = judged.episode_no
    inner join pass_record(p_each) as known on known.episode_no = judged.episode_no
    cross join about
    where judged.fate = 'open_past_window' and judged.stage_rank <= 2
)

select
    judged.*,
    case
        when judged.fate in ('rejected', 'recycled', 'lost') then judged.exit_stage::varchar
        when coalesce(judged.fate, '') <> 'open_past_window' then null
        when judged.stage_rank > 2 then 'open_past_window'
        when judged.stage_rank = 1 and still_open.is_unassigned then 'never_assigned'
        when not still_open.is_on_record then 'not_recorded'
        when judged.stage_rank = 1 and still_open.attempts = 0 then 'never_touched'
        when still_open.attempts = 0 then 'never_touched_since_accepted'
        when judged.stage_rank = 2 and still_open.is_no_show then 'no_show'
        when still_open.is_contacted then 'contacted_no_decision'
        when not still_open.knows_contacts and (still_open.attempts >= p_k or still_open.is_given_up) then 'not_recorded'
        when still_open.attempts >= p_k then 'worked_no_answer'
        when still_open.is_given_up then 'gave_up_early'
        else 'still_worked'
    end as class
from judged
left join still_open on still_open.episode_no = judged.episode_no and still_open.stage_rank = judged.stage_rank;
