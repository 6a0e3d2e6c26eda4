-- Worth nurturing: dead leads that showed a sign of life lately and are in no new pass; those that unsubscribed since their pass opened are left out.
-- grain: one row per lead; the latest sign first
-- unit: lead; recent_acts: activities in those days
-- params: filters, $days number = 30 (days before the end of the data), $most integer = 100 (rows at most), $skipped integer = 0 (rows to pass over)
with
lately as (
    select data_through - to_microseconds(cast(round($days * 86400000000) as bigint)) as since_at from about
),

alive as materialized (
    select dead.episode_no, dead.lead_no, dead.kind, dead.opened_at, dead.died_at
    from dead_passes($since, $until, $wanted, $fields, $unless_fields, $unless_values, $episodes) as dead
    inner join leads on leads.lead_no = dead.lead_no
    cross join lately
    where dead.next_opened_at is null and leads.last_activity_at > dead.died_at and leads.last_activity_at >= lately.since_at
),

acts as (
    select
        alive.episode_no,
        count(*) as recent_acts,
        last(activities.activity::varchar order by activities.occurred_at, activities.event_id nulls last, activities.row_no) as last_activity
    from activities
    inner join lately on lately.since_at <= activities.occurred_at
    inner join alive on alive.lead_no = activities.lead_no
    where activities.occurred_at > alive.died_at
    group by alive.episode_no
),

unsubscribed as (
    select distinct alive.episode_no
    from activities
    inner join alive on alive.lead_no = activities.lead_no
    where activities.activity = 'unsubscribe' and activities.occurred_at >= alive.opened_at
)

select
    leads.lead_id,
    leads.company,
    leads.source,
    alive.kind,
    alive.died_at,
    acts.recent_acts,
    acts.last_activity,
    leads.last_activity_at,
    leads.last_touch_at,
    leads.rep_id,
    leads.team,
    count(*) over () as total
from alive
inner join acts on acts.episode_no = alive.episode_no
inner join leads on leads.lead_no = alive.lead_no
where alive.episode_no not in (select unsubscribed.episode_no from unsubscribed)
order by leads.last_activity_at desc, leads.lead_no
limit
    $most
    offset $skipped;
