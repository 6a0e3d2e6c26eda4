-- Leads behind a leak: the passes that leaked at a step, with the way in which they did.
-- grain: one row per pass that leaked at the step
-- unit: lead
-- params: filters, $mql_days number = 14 (days from MQL to SAL), $sal_days number = 45 (days from SAL to SQL), $sql_days number = 45 (days from SQL to opportunity), $opportunity_days number = 180 (days from opportunity to won), $k integer = 6 (attempts that count as worked through), $step choice(mql|sal|sql|opportunity) = mql (the stage at which they leaked), $class choice(rejected|recycled|disqualified|lost|never_assigned|never_touched|never_touched_since_accepted|no_show|contacted_no_decision|worked_no_answer|gave_up_early|still_worked|open_past_window) (nothing for all), $most integer = 100 (rows at most), $skipped integer = 0 (rows to pass over)
select
    leads.lead_id,
    leads.company,
    leads.source,
    classed.pass_no,
    classed.opened_at,
    classed.entered_at,
    classed.class as leaked_as,
    classed.left_at as outcome_at,
    episodes.exit_reason as reason,
    episodes.rep_id,
    episodes.team,
    leads.last_touch_at,
    leads.last_activity_at,
    count(*) over () as total
from
    classed_steps(
        $since, $until, $wanted, $fields, $unless_fields, $unless_values, $episodes, $mql_days, $sal_days, $sql_days, $opportunity_days, $k
    ) as classed
inner join episodes on episodes.episode_no = classed.episode_no
inner join leads on leads.lead_no = classed.lead_no
where classed.stage = $step and classed.class is not null and ($class is null or classed.class = $class)
order by classed.entered_at desc, classed.episode_no desc
limit
    $most
    offset $skipped;
