-- Dead leads: recycled, disqualified, or open without a touch for over 60 days (neglected), and what became of them.
-- grain: one row per kind of death
-- unit: passes of leads; re_engaged, re_nurtured, revived and won overlap; nothing + nurtured_only + engaged_only + back_not_won + won = dead
-- params: filters
with
counted as (
    select
        kind,
        count(*) as dead,
        count(*) filter (where is_re_engaged) as re_engaged,
        count(*) filter (where is_re_nurtured) as re_nurtured,
        count(*) filter (where is_revived) as revived,
        count(*) filter (where is_won) as won,
        count(*) filter (where not is_revived and not is_re_engaged and not is_re_nurtured) as nothing,
        count(*) filter (where not is_revived and not is_re_engaged and is_re_nurtured) as nurtured_only,
        count(*) filter (where not is_revived and is_re_engaged) as engaged_only,
        count(*) filter (where is_revived and not is_won) as back_not_won
    from dead_passes($since, $until, $wanted, $fields, $unless_fields, $unless_values, $episodes)
    group by kind
)

select
    kinds.kind,
    coalesce(counted.dead, 0) as dead,
    coalesce(counted.re_engaged, 0) as re_engaged,
    coalesce(counted.re_nurtured, 0) as re_nurtured,
    coalesce(counted.revived, 0) as revived,
    coalesce(counted.won, 0) as won,
    coalesce(counted.nothing, 0) as nothing,
    coalesce(counted.nurtured_only, 0) as nurtured_only,
    coalesce(counted.engaged_only, 0) as engaged_only,
    coalesce(counted.back_not_won, 0) as back_not_won
from (values ('recycled', 1), ('disqualified', 2), ('neglected', 3)) as kinds (kind, place)
left join counted on counted.kind = kinds.kind
order by kinds.place;
