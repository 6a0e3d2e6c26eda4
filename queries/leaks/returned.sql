-- Returned leads: what became of the leads that sales sent back: fixed and handed over again, discarded, or lying.
-- grain: one row per fate
-- unit: passes of leads; median and p90 are seconds from the rejection to then, or to the end of the data for those lying
-- params: filters
with
judged as (
    select * from returned_passes($since, $until, $wanted, $fields, $unless_fields, $unless_values, $episodes)
),

counted as (
    select fate, count(*) as n, quantile_cont(took_us / 1000000, [0.5, 0.9]) as seconds
    from judged
    group by fate
)

select
    fates.fate,
    coalesce(counted.n, 0) as n,
    coalesce(counted.n, 0) / nullif(sum(counted.n) over (), 0) as share,
    counted.seconds[1] as median,
    counted.seconds[2] as p90
from (values ('handed_over_again', 1), ('discarded', 2), ('lying', 3)) as fates (fate, place)
left join counted on counted.fate = fates.fate
order by fates.place;
