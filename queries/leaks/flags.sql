-- Flags of leaks: how often each mark of neglect is on the leads that leaked at a step. A lead may carry several, or none.
-- grain: one row per step that leaks and flag
-- unit: passes of leads; share of all that leaked at the step, with its 95 % interval; went_on, went_on_flagged: of those old enough that went on in time
-- params: filters, $mql_days number = 14 (days from MQL to SAL), $sal_days number = 45 (days from SAL to SQL), $sql_days number = 45 (days from SQL to opportunity), $opportunity_days number = 180 (days from opportunity to won), $k integer = 6 (attempts that count as worked through), $hand_over_hours number = 24 (hours from MQL to hand-over), $touch_hours number = 24 (hours from hand-over to the first attempt), $stale_days number = 14 (days without a change of stage), $cap integer = 500 (most open leads of a rep), $only_recorded flag = false (where touches or owners are recorded of only some teams, months or leads, judge only these)
-- needs: touches (said by flag), owners (said by flag)
with
counted as (
    select stage_rank, is_leak, flags, known, count(*) as n
    from
        flagged_steps(
            $since, $until, $wanted, $fields, $unless_fields, $unless_values, $episodes, $mql_days, $sal_days, $sql_days, $opportunity_days, $k,
            $hand_over_hours, $touch_hours, $stale_days, $cap, $only_recorded
        )
    group by stage_rank, is_leak, flags, known
),

told as (
    select
        counted.stage_rank,
        leak_flags.flag,
        leak_flags.place,
        cast(coalesce(sum(counted.n) filter (where counted.is_leak), 0) as bigint) as leaked,
        cast(coalesce(sum(counted.n) filter (where counted.is_leak and counted.flags & leak_flags.bit > 0), 0) as bigint) as flagged,
        cast(coalesce(sum(counted.n) filter (where not counted.is_leak), 0) as bigint) as went_on,
        cast(coalesce(sum(counted.n) filter (where not counted.is_leak and counted.flags & leak_flags.bit > 0), 0) as bigint) as went_on_flagged
    from counted
    inner join leak_flags on counted.known & leak_flags.bit > 0
    group by counted.stage_rank, leak_flags.flag, leak_flags.place
)

select
    leak_steps.step,
    told.flag,
    told.leaked,
    told.flagged,
    told.flagged / nullif(told.leaked, 0) as share,
    wilson_low(told.flagged, told.leaked) as low,
    wilson_high(told.flagged, told.leaked) as high,
    told.went_on,
    case when told.flag in ('late_hand_over', 'overloaded_rep') then told.went_on_flagged end as went_on_flagged
from told
inner join leak_steps on leak_steps.stage_rank = told.stage_rank
where told.leaked > 0
order by told.stage_rank, told.place;
