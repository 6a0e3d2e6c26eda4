-- Leaks by what they cost: segments that lost more leads at a step than was to be expected, each once, at the level that explains it.
-- grain: one row per leak
-- unit: n is passes that had the time agreed; lost is leads of the next stage; value in the reporting currency, empty without deals
-- params: filters, $mql_days number = 14 (days from MQL to SAL), $sal_days number = 45 (days from SAL to SQL), $sql_days number = 45 (days from SQL to opportunity), $opportunity_days number = 180 (days from opportunity to won), $k integer = 6 (attempts that count as worked through), $calls integer = 3 (calls promised), $emails integer = 3 (emails promised), $days number = 14 (days from hand-over), $touch_hours number = 24 (hours within which a first attempt is promised), $fit_reasons reasons = fit (reasons that say the lead did not fit), $outside_reasons reasons = outside (reasons that nobody in the company controls), $only_recorded flag = false (where touches or owners are recorded of only some teams, months or leads, judge only these)
-- then: leaks.ranked (what was to be expected, tests, value)
-- needs: touches (said by class), owners (said by class)
select
    sided.episode_no,
    sided.stage_rank,
    $since is null or sided.opened_at >= $since as is_now,
    case when sided.is_converted then 0 else coalesce(leak_classes.place, -1) end as kind,
    sided.side,
    sided.opened_week,
    sided.opened_at
from
    sided_steps(
        cast($since as timestamp) - interval 1 year, $until, $wanted, $fields, $unless_fields, $unless_values, $episodes,
        $mql_days, $sal_days, $sql_days, $opportunity_days, $k, $calls, $emails, $days, $touch_hours, $fit_reasons, $outside_reasons,
        $only_recorded
    ) as sided
left join leak_classes on leak_classes.class = sided.class
where sided.is_mature and sided.stage_rank < 5
order by sided.stage_rank, sided.episode_no;
