-- Acts: of the leads that did them and were taken on by sales, or left, after their first pass opened, how many first did them before, and after.
select
    firsts.activity as name,
    count(*) as n,
    count(*) filter (where firsts.at >= ends.decided_at) as late
from (
    select subject_no as lead_no, activity::varchar as activity, min(occurred_at) as at
    from history.canonical.activities
    where subject_no is not null
    group by subject_no, activity
) as firsts
left join (
    select
        lead_no,
        opened_at,
        least(sal_at, sql_at, opportunity_at, won_at, closed_at) as decided_at
    from history.main.episodes
    where pass_no = 1
) as ends on ends.lead_no = firsts.lead_no and ends.decided_at > ends.opened_at
group by firsts.activity
order by firsts.activity;
