-- Worth nurturing: dead leads that showed a sign of life lately and are in no new pass; those that unsubscribed since their pass opened are left out.
-- grain: one row per lead; the latest sign first
-- unit: lead; recent_acts: activities in those days
-- params: filters, $days number = 30 (days before the end of the data), $most integer = 100 (rows at most), $skipped integer = 0 (rows to pass over), $strong_acts acts = strong (acts that say the lead may want to buy)
-- needs: activities
with
lately as (
    select data_through - to_microseconds(cast(round($days * 86400000000) as bigint)) as since_at from about
),

alive as materialized (
    select dead.episode_no, dead.lead_no, dead.kind, dead.died_at, leads.last_activity_at
    from dead_passes($since, $until, $wanted, $fields, $unless_fields, $unless_values, $episodes, $strong_acts) as dead
    inner join leads on leads.lead_no = dead.lead_no
    cross join lately
    where
        not dead.is_revived
        and not dead.has_unsubscribed
        and leads.last_activity_at > dead.died_at
        and leads.last_activity_at >= lately.since_at
),

page as materialized (
    select alive.*, count(*) over () as total
    from alive
    order by alive.last_activity_at desc, alive.lead_no
    limit
        $most
        offset $skipped
),

acts as (
    select
        page.episode_no,
        count(*) as recent_acts,
        last(activities.activity::varchar order by activities.occurred_at, activities.event_id nulls last, activities.row_no) as last_activity
    from activities
    inner join lately on lately.since_at <= activities.occurred_at
    inner join page on page.lead_no = activities.lead_no
    where activities.occurred_at > page.died_at
    group by page.episode_no
)

select
    leads.lead_id,
    leads.company,
    counted.source,
    leads.source as source_today,
    page.kind,
    page.died_at,
    acts.recent_acts,
    acts.last_activity,
    leads.last_activity_at,
    leads.last_touch_at,
    leads.rep_id,
    leads.team,
    page.total
from page
inner join acts on acts.episode_no = page.episode_no
inner join leads on leads.lead_no = page.lead_no
left join counted_sources() as counted on counted.episode_no = page.episode_no
order by leads.last_activity_at desc, leads.lead_no;
