-- Passes with an MQL of their own, opened from $since to $until: when they were accepted.
select
    episode_no,
    lead_no,
    pass_no,
    opened_at,
    opened_at as start_at,
    sal_reached(sal_at, sql_at, opportunity_at, won_at) as done_at,
    null::timestamp as released_at
from episodes
where mql_at is not null and opened_at between $since and $until;
