-- Marks of the leads of a step: of each lead that was there long enough, whether it leaked or went on in time, and the flags it carries.
-- grain: one row per pass old enough that leaked at the step or went on in time
-- unit: pass of a lead; microseconds since 1970 UTC
-- params: filters, $mql_days number = 14 (days from MQL to SAL), $sal_days number = 45 (days from SAL to SQL), $sql_days number = 45 (days from SQL to opportunity), $opportunity_days number = 180 (days from opportunity to won), $k integer = 6 (attempts that count as worked through), $hand_over_hours number = 24 (hours from MQL to hand-over), $touch_hours number = 24 (hours from hand-over to the first attempt), $stale_days number = 14 (days without a change of stage), $cap integer = 500 (most open leads of a rep), $step choice(mql|sal|sql|opportunity) = mql (the stage they entered)
select
    episode_no,
    lead_no,
    pass_no,
    epoch_us(opened_at) as opened_us,
    went_on,
    flags & 1 > 0 as untouched,
    flags & 2 > 0 as late_hand_over,
    flags & 4 > 0 as late_first_touch,
    flags & 8 > 0 as overloaded_rep,
    flags & 16 > 0 as status_stale,
    flags & 32 > 0 as over_60_days
from
    flagged_steps(
        $since, $until, $wanted, $fields, $unless_fields, $unless_values, $episodes, $mql_days, $sal_days, $sql_days, $opportunity_days, $k,
        $hand_over_hours, $touch_hours, $stale_days, $cap
    )
where stage = $step and is_mature
order by episode_no;
