-- How many of the steps entered in the time before $day, and in the time from it on, are mature, and how many of these went on within the window.
select
    count(*) filter (where judged.entered_at < $day and judged.is_mature) as n_before,
    count(*) filter (where judged.entered_at < $day and judged.is_converted) as k_before,
    count(*) filter (where judged.entered_at >= $day and judged.is_mature) as n_after,
    count(*) filter (where judged.entered_at >= $day and judged.is_converted) as k_after
from
    judged_steps(
        $since, $until, $wanted, $fields, $unless_fields, $unless_values, $episodes, $mql_days, $sal_days, $sql_days, $opportunity_days
    ) as judged
where judged.stage_rank = $stage_rank and judged.entered_at >= $first and judged.entered_at < $last
