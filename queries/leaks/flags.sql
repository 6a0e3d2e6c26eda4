-- Flags of leaks: how often each mark of neglect is on the leads that leaked at a step. A lead may carry several, or none.
-- grain: one row per step that leaks and flag
-- unit: passes of leads; share of all that leaked at the step, with its 95 % interval; went_on, went_on_flagged: of those old enough that went on in time
-- params: filters, $mql_days number = 14 (days from MQL to SAL), $sal_days number = 45 (days from SAL to SQL), $sql_days number = 45 (days from SQL to opportunity), $opportunity_days number = 180 (days from opportunity to won), $k integer = 6 (attempts that count as worked through), $hand_over_hours number = 24 (hours from MQL to hand-over), $touch_hours number = 24 (hours from hand-over to the first attempt), $stale_days number = 14 (days without a change of stage), $cap integer = 500 (most open leads of a rep)
with
counted as (
    select
        stage_rank,
        count(*) filter (where class is not null) as leaked,
        count(*) filter (where class is not null and untouched) as untouched,
        count(*) filter (where class is not null and late_hand_over) as late_hand_over,
        count(*) filter (where class is not null and late_first_touch) as late_first_touch,
        count(*) filter (where class is not null and overloaded_rep) as overloaded_rep,
        count(*) filter (where class is not null and status_stale) as status_stale,
        count(*) filter (where class is not null and over_60_days) as over_60_days,
        count(*) filter (where is_converted) as went_on,
        count(*) filter (where is_converted and late_hand_over) as went_on_late_hand_over,
        count(*) filter (where is_converted and overloaded_rep) as went_on_overloaded_rep
    from
        flagged_steps(
            $since, $until, $wanted, $fields, $unless_fields, $unless_values, $episodes, $mql_days, $sal_days, $sql_days, $opportunity_days, $k,
            $hand_over_hours, $touch_hours, $stale_days, $cap
        )
    group by stage_rank
    having count(*) filter (where class is not null) > 0
),

told as (
    select
        counted.stage_rank,
        counted.leaked,
        counted.went_on,
        leak_flags.flag,
        leak_flags.place,
        case leak_flags.flag
            when 'untouched' then counted.untouched
            when 'late_hand_over' then counted.late_hand_over
            when 'late_first_touch' then counted.late_first_touch
            when 'overloaded_rep' then counted.overloaded_rep
            when 'status_stale' then counted.status_stale
            else counted.over_60_days
        end as flagged,
        case leak_flags.flag
            when 'late_hand_over' then counted.went_on_late_hand_over
            when 'overloaded_rep' then counted.went_on_overloaded_rep
        end as went_on_flagged
    from counted
    cross join leak_flags
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
    told.went_on_flagged
from told
inner join leak_steps on leak_steps.stage_rank = told.stage_rank
order by told.stage_rank, told.place;
