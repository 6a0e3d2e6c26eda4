-- The chosen passes that are dead, and what became of each (prepare/90_deaths.sql). is_interested: after the death, up to the next pass, an act of
-- p_strong_acts (a demo, a price, a form), or a reply.
create macro dead_passes(p_since, p_until, p_wanted, p_fields, p_unless_fields, p_unless_values, p_passes, p_strong_acts) as table
with
chosen as materialized (
    select deaths.*, followed.opened_at
    from chosen_follow_ups(p_since, p_until, p_wanted, p_fields, p_unless_fields, p_unless_values, p_passes) as followed
    inner join deaths on deaths.episode_no = followed.episode_no
),

signs as (
    select activities.lead_no, activities.occurred_at
    from activities
    where list_contains(p_strong_acts, activities.activity::varchar)
    union all
    select touches.lead_no, touches.occurred_at
    from touches
    where
        touches.outcome = 'replied'
        or (touches.direction = 'inbound' and not coalesce(touches.is_automated, false) and touches.outcome is distinct from 'bounced')
),

interested as (
    select distinct chosen.episode_no
    from chosen
    inner join signs on signs.lead_no = chosen.lead_no
    where signs.occurred_at > chosen.died_at and (chosen.next_opened_at is null or signs.occurred_at <= chosen.next_opened_at)
)

select chosen.*, interested.episode_no is not null as is_interested
from chosen
left join interested on interested.episode_no = chosen.episode_no;
