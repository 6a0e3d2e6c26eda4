-- What a history records: one row per thing. rows: those that count; day_rows: of these, on a day without a time; orphan_rows: of leads that are not there; late_rows: after the end of the data.
-- leads of of_leads have any. by_reach, of_reach: of the leads that came as far as none, MQL, SAL, SQL, opportunity, won (six numbers), how many
-- have any, and how many there are. grain: instant, day, one_instant; empty where nothing is recorded. A thing that is never there has its row too.
create temp table record_counts as
with
reach as (
    select
        leads.lead_no,
        coalesce(max(case
            when episodes.won_at is not null then 5
            when episodes.opportunity_at is not null then 4
            when episodes.sql_at is not null then 3
            when episodes.sal_at is not null then 2
            when episodes.episode_no is not null then 1
        end), 0) as reached
    from resolved_leads as leads
    left join history.main.episodes as episodes on episodes.lead_no = leads.lead_no
    group by leads.lead_no
),

counted as (
    select thing, count(*) as rows, count(*) filter (where is_day) as day_rows, min(happened_at) as first_at, max(happened_at) as last_at
    from record_rows
    where subject_no is not null
    group by thing
),

uncounted as (
    select
        record_rows.thing,
        count(*) filter (where ids.subject_no is null) as orphan_rows,
        count(*) filter (where ids.subject_no is not null) as late_rows
    from record_rows
    left join history.canonical.lead_ids as ids on ids.lead_no = record_rows.lead_no
    where record_rows.subject_no is null
    group by record_rows.thing
),

holders as (
    select thing, subject_no
    from record_rows
    where subject_no is not null and lead_no is not null
    group by thing, subject_no
),

covered as (
    select holders.thing, reach.reached, count(*) as n
    from holders
    inner join reach on reach.lead_no = holders.subject_no
    group by holders.thing, reach.reached
),

ranks as (
    select listed.reached, count(reach.lead_no) as n
    from (select unnest(range(0, 6)) as reached) as listed
    left join reach on reach.reached = listed.reached
    group by listed.reached
),

things as (
    select unnest($things) as thing
    union
    select thing from counted
    union
    select thing from uncounted
)

select
    things.thing,
    coalesce(counted.rows, 0) as rows,
    coalesce(counted.day_rows, 0) as day_rows,
    coalesce(uncounted.orphan_rows, 0) as orphan_rows,
    coalesce(uncounted.late_rows, 0) as late_rows,
    counted.first_at,
    counted.last_at,
    list(coalesce(covered.n, 0) order by ranks.reached) as by_reach,
    list(ranks.n order by ranks.reached) as of_reach
from things
cross join ranks
left join counted on counted.thing = things.thing
left join uncounted on uncounted.thing = things.thing
left join covered on covered.thing = things.thing and covered.reached = ranks.reached
group by things.thing, counted.rows, counted.day_rows, uncounted.orphan_rows, uncounted.late_rows, counted.first_at, counted.last_at
order by things.thing;
