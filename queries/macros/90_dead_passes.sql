-- The chosen passes that are dead: recycled or disqualified, from then on; or open without a touch for more than 60 days, from the end of those.
create macro dead_passes(p_since, p_until, p_wanted, p_fields, p_unless_fields, p_unless_values, p_passes) as table
select
    tried.episode_no,
    tried.lead_no,
    tried.pass_no,
    tried.opened_at,
    coalesce(episodes.exit_stage::varchar, 'neglected') as kind,
    coalesce(tried.left_at, coalesce(tried.last_touch_at, tried.opened_at) + interval 60 day) as died_at,
    episodes.next_opened_at,
    coalesce(tried.last_touch_at > tried.left_at, false) as is_touched_since
from chosen_follow_ups(p_since, p_until, p_wanted, p_fields, p_unless_fields, p_unless_values, p_passes) as tried
inner join episodes on episodes.episode_no = tried.episode_no
cross join about
where
    (episodes.exit_stage in ('recycled', 'disqualified') and episodes.won_at is null)
    or (episodes.closed_at is null and coalesce(tried.last_touch_at, tried.opened_at) < about.data_through - interval 60 day);
-- The same with what became of each: an activity after its death, up to the next pass; mail or calls by a machine in that time; a next pass; one that
-- was won. Of a lead without a next pass its last activity tells.
create macro judged_dead(p_since, p_until, p_wanted, p_fields, p_unless_fields, p_unless_values, p_passes) as table
with
dead as materialized (
    select * from dead_passes(p_since, p_until, p_wanted, p_fields, p_unless_fields, p_unless_values, p_passes)
),

back as materialized (
    select episode_no, lead_no, pass_no, died_at, next_opened_at from dead where next_opened_at is not null
),

active_before_back as (
    select distinct back.episode_no
    from back
    inner join activities on activities.lead_no = back.lead_no
    where activities.occurred_at > back.died_at and activities.occurred_at <= back.next_opened_at
),

nurtured as (
    select distinct dead.episode_no
    from touches
    inner join dead on dead.lead_no = touches.lead_no
    where
        dead.is_touched_since
        and touches.is_automated
        and coalesce(touches.direction::varchar, 'outbound') = 'outbound'
        and touches.occurred_at > dead.died_at
        and (dead.next_opened_at is null or touches.occurred_at < dead.next_opened_at)
),

won_back as (
    select distinct back.episode_no
    from back
    inner join episodes as later on later.lead_no = back.lead_no
    where later.pass_no > back.pass_no and later.won_at is not null
)

select
    dead.*,
    leads.last_activity_at,
    case when dead.next_opened_at is null then coalesce(leads.last_activity_at > dead.died_at, false) else active_before_back.episode_no is not null end
        as is_re_engaged,
    nurtured.episode_no is not null as is_re_nurtured,
    dead.next_opened_at is not null as is_revived,
    won_back.episode_no is not null as is_won
from dead
inner join leads on leads.lead_no = dead.lead_no
left join active_before_back on active_before_back.episode_no = dead.episode_no
left join nurtured on nurtured.episode_no = dead.episode_no
left join won_back on won_back.episode_no = dead.episode_no;
