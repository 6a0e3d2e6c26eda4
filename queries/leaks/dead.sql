-- Dead leads: recycled, disqualified, or open without a touch for over 60 days (neglected), and what became of them.
-- grain: one row per kind of death
-- unit: passes of leads; re_engaged, re_nurtured, revived and won overlap; nothing + nurtured_only + engaged_only + interested_only + back_not_won + won = dead; engaged_only: acts that are no strong sign, such as opened mail; neglected is empty without touches
-- params: filters, $strong_acts acts = strong (acts that say the lead may want to buy)
-- needs: touches (re_nurtured, nurtured_only, nothing), activities (re_engaged, engaged_only, nothing)
with
counted as (
    select
        kind,
        count(*) as dead,
        count(*) filter (where is_re_engaged) as re_engaged,
        count(*) filter (where is_re_nurtured) as re_nurtured,
        count(*) filter (where is_revived) as revived,
        count(*) filter (where is_won) as won,
        count(*) filter (where is_interested) as interested,
        count(*) filter (where not is_revived and not is_interested and not is_re_engaged and not is_re_nurtured) as nothing,
        count(*) filter (where not is_revived and not is_interested and not is_re_engaged and is_re_nurtured) as nurtured_only,
        count(*) filter (where not is_revived and not is_interested and is_re_engaged) as engaged_only,
        count(*) filter (where not is_revived and is_interested) as interested_only,
        count(*) filter (where is_revived and not is_won) as back_not_won
    from dead_passes($since, $until, $wanted, $fields, $unless_fields, $unless_values, $episodes, $strong_acts)
    group by kind
)

select
    kinds.kind,
    case when kinds.kind <> 'neglected' or history_has.has_attempts then coalesce(counted.dead, 0) end as dead,
    case when kinds.kind <> 'neglected' or history_has.has_attempts then coalesce(counted.re_engaged, 0) end as re_engaged,
    case when kinds.kind <> 'neglected' or history_has.has_attempts then coalesce(counted.re_nurtured, 0) end as re_nurtured,
    case when kinds.kind <> 'neglected' or history_has.has_attempts then coalesce(counted.revived, 0) end as revived,
    case when kinds.kind <> 'neglected' or history_has.has_attempts then coalesce(counted.won, 0) end as won,
    case when kinds.kind <> 'neglected' or history_has.has_attempts then coalesce(counted.nothing, 0) end as nothing,
    case when kinds.kind <> 'neglected' or history_has.has_attempts then coalesce(counted.nurtured_only, 0) end as nurtured_only,
    case when kinds.kind <> 'neglected' or history_has.has_attempts then coalesce(counted.engaged_only, 0) end as engaged_only,
    case when kinds.kind <> 'neglected' or history_has.has_attempts then coalesce(counted.back_not_won, 0) end as back_not_won,
    case when kinds.kind <> 'neglected' or history_has.has_attempts then coalesce(counted.interested, 0) end as interested,
    case when kinds.kind <> 'neglected' or history_has.has_attempts then coalesce(counted.interested_only, 0) end as interested_only
from (values ('recycled', 1), ('disqualified', 2), ('neglected', 3)) as kinds (kind, place)
cross join record_of_history as history_has
left join counted on counted.kind = kinds.kind
order by kinds.place;
