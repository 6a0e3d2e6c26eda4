-- Reasons: why leads were sent back, recycled, disqualified or lost, by class of the reason given, and how many came back later.
-- grain: one row per step, way out (class) and class of reason that occurs
-- unit: passes of leads; share is of those that left the step that way; came_back: another pass opened later; reached_sql: such a pass became an SQL
-- params: filters, $reasons mapped_reasons = all (the class of each reason)
with
gone as materialized (
    select * from reasoned_passes($since, $until, $wanted, $fields, $unless_fields, $unless_values, $episodes, $reasons)
),

later_sql as (
    select distinct gone.episode_no
    from gone
    inner join steps on steps.lead_no = gone.lead_no
    where gone.next_opened_at is not null and steps.stage_rank = 3 and steps.pass_no > gone.pass_no
),

counted as (
    select
        gone.stage_rank,
        gone.class,
        gone.reason,
        count(*) as n,
        count(gone.next_opened_at) as came_back,
        count(later_sql.episode_no) as reached_sql
    from gone
    left join later_sql on later_sql.episode_no = gone.episode_no
    group by gone.stage_rank, gone.class, gone.reason
)

select
    leak_steps.step,
    counted.class,
    counted.reason,
    counted.n,
    counted.n / nullif(sum(counted.n) over (partition by counted.stage_rank, counted.class), 0) as share,
    counted.came_back,
    counted.reached_sql
from counted
inner join leak_steps on leak_steps.stage_rank = counted.stage_rank
inner join leak_classes on leak_classes.class = counted.class
order by counted.stage_rank, leak_classes.place, counted.n desc, counted.reason;
