-- Marks of the leads of a step: of each lead that was there long enough, whether it leaked or went on in time, and the flags it carries.
-- grain: one row per pass old enough that leaked at the step or went on in time
-- unit: pass of a lead; microseconds since 1970 UTC; untouched and late_first_touch as it stood when the lead went on or left, so that both compare
-- params: filters, $mql_days number = 14 (days from MQL to SAL), $sal_days number = 45 (days from SAL to SQL), $sql_days number = 45 (days from SQL to opportunity), $opportunity_days number = 180 (days from opportunity to won), $k integer = 6 (attempts that count as worked through), $hand_over_hours number = 24 (hours from MQL to hand-over), $touch_hours number = 24 (hours from hand-over to the first attempt), $stale_days number = 14 (days without a change of stage), $cap integer = 500 (most open leads of a rep), $step choice(mql|sal|sql|opportunity) = mql (the stage they entered), $only_recorded flag = false (where touches or owners are recorded of only some teams, months or leads, judge only these)
-- needs: touches (untouched, late_first_touch, over_60_days), owners (late_hand_over, late_first_touch, overloaded_rep)
with
marked as (
    select
        flagged.*,
        tried.first_attempt_at,
        tried.handed_over_at + to_microseconds(cast(round($touch_hours * 3600000000) as bigint)) as touch_limit,
        case when flagged.went_on then flagged.entered_at + to_microseconds(flagged.micros_to_next) else coalesce(flagged.left_at, 'infinity') end as gone_at
    from
        flagged_steps(
            $since, $until, $wanted, $fields, $unless_fields, $unless_values, $episodes, $mql_days, $sal_days, $sql_days, $opportunity_days, $k,
            $hand_over_hours, $touch_hours, $stale_days, $cap, $only_recorded
        ) as flagged
    inner join follow_ups as tried on tried.episode_no = flagged.episode_no
    where flagged.stage = $step and flagged.is_mature
)

select
    episode_no,
    lead_no,
    pass_no,
    epoch_us(opened_at) as opened_us,
    went_on,
    case when known & 1 > 0 then coalesce(first_attempt_at > gone_at, true) end as untouched,
    case when known & 2 > 0 then flags & 2 > 0 end as late_hand_over,
    case when known & 4 > 0 then flags & 4 > 0 and gone_at > touch_limit end as late_first_touch,
    case when known & 8 > 0 then flags & 8 > 0 end as overloaded_rep,
    case when known & 16 > 0 then flags & 16 > 0 end as status_stale,
    case when known & 32 > 0 then flags & 32 > 0 end as over_60_days
from marked
order by episode_no;
