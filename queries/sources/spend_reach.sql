-- Reach of spend: from which day to which day spend is on record for each source, up to the end of the data.
-- grain: one row per source of spend
-- unit: days; is_unfinished: the last amount is of a month that is not over
-- params: filters
-- needs: spend
select
    first(source order by source) as source,
    min(first_day) as first_day,
    max(least(after_day - interval 1 day, $last_day))::date as last_day,
    count(*) as entries,
    max(after_day) > $last_day + interval 1 day as is_unfinished
from spend_days(null, null, $last_day, $labels, $keys)
group by source_key
order by min(first_day), first(source order by source);
