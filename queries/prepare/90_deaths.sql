-- One row per dead pass: recycled or disqualified, from then on; or open without a touch for more than 60 days (neglected), from the end of those,
-- where touches are on record. And what became of it: an activity after its death, up to the next pass; mail or calls by a machine in that time; a
-- next pass; one that was won.
create table history.main.deaths as
with
dead as materialized (
    select
        episodes.episode_no,
        episodes.lead_no,
        episodes.pass_no,
        coalesce(episodes.exit_stage::varchar, 'neglected') as kind,
        coalesce(tried.left_at, coalesce(tried.last_touch_at, tried.opened_at) + interval 60 day) as died_at,
        episodes.opened_at,
        episodes.next_opened_at
    from history.main.episodes as episodes
    inner join history.main.follow_ups as tried on tried.episode_no = episodes.episode_no
    inner join touches_known on touches_known.episode_no = episodes.episode_no
    where
        (episodes.exit_stage in ('recycled', 'disqualified') and episodes.won_at is null)
        or (
            touches_known.is_known
            and episodes.closed_at is null
            and coalesce(tried.last_touch_at, tried.opened_at) < $data_through - interval 60 day
        )
),

engaged as (
    select
        dead.episode_no,
        bool_or(
            activities.occurred_at > dead.died_at and (dead.next_opened_at is null or activities.occurred_at <= dead.next_opened_at)
        ) as is_re_engaged,
        bool_or(activities.activity = 'unsubscribe' and activities.occurred_at >= dead.opened_at) as has_unsubscribed
    from dead
    inner join history.canonical.activities as activities on activities.subject_no = dead.lead_no
    where activities.occurred_at > dead.died_at or activities.activity = 'unsubscribe'
    group by dead.episode_no
),

nurtured as (
    select distinct dead.episode_no
    from history.canonical.touches as touches
    inner join dead on dead.lead_no = touches.subject_no
    where
        touches.is_automated
        and coalesce(touches.direction::varchar, 'outbound') = 'outbound'
        and touches.occurred_at > dead.died_at
        and (dead.next_opened_at is null or touches.occurred_at < dead.next_opened_at)
),

won_back as (
    select distinct dead.episode_no
    from dead
    inner join history.main.episodes as later on later.lead_no = dead.lead_no
    where dead.next_opened_at is not null and later.pass_no > dead.pass_no and later.won_at is not null
)

select
    dead.episode_no,
    dead.lead_no,
    dead.kind::enum('recycled', 'disqualified', 'neglected') as kind,
    dead.died_at,
    dead.next_opened_at,
    coalesce(engaged.is_re_engaged, false) as is_re_engaged,
    nurtured.episode_no is not null as is_re_nurtured,
    dead.next_opened_at is not null as is_revived,
    won_back.episode_no is not null as is_won,
    coalesce(engaged.has_unsubscribed, false) as has_unsubscribed
from dead
left join engaged on engaged.episode_no = dead.episode_no
left join nurtured on nurtured.episode_no = dead.episode_no
left join won_back on won_back.episode_no = dead.episode_no
order by dead.episode_no;
