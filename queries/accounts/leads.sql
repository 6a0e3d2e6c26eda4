-- Leads of an account: everybody known there, with where they stand and when anything last happened.
-- grain: one row per lead of the account
-- unit: lead
-- params: $account text (its id, as it stands)
-- needs: touches (touches, last_touch_at), activities (activities, last_activity_at)
select
    lead_id,
    company,
    job_title,
    source,
    created_at,
    stands_at,
    passes,
    rep_id,
    team,
    touches,
    last_touch_at,
    activities,
    last_activity_at
from leads
where account_id = $account
order by last_activity_at desc nulls last, lead_no;
