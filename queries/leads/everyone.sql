-- All leads: also those that were never handed over, by the day on which they were created.
-- grain: one row per lead
-- unit: lead
-- params: $since instant (created at or after), $until instant (created before), $stands_at text (inquiry, mql, sal, sql, opportunity, won, rejected, recycled, disqualified, lost or nothing for all), $search search (part of id, company, address or title), $most integer = 100 (rows at most), $skipped integer = 0 (rows to pass over)
select
    lead_id,
    company,
    source,
    created_at,
    stands_at,
    passes,
    first_opened_at,
    rep_id,
    team,
    touches,
    last_touch_at,
    activities,
    last_activity_at,
    count(*) over () as total
from leads
where
    ($since is null or created_at >= $since)
    and ($until is null or created_at < $until)
    and ($stands_at is null or stands_at = $stands_at)
    and ($search is null or contains(search_text, $search))
order by created_at desc, lead_no desc
limit
    $most
    offset $skipped;
