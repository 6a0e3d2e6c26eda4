-- Passes with an MQL of their own, from $since to $until: when they were handed over.
select episode_no, lead_no, pass_no, opened_at, mql_at as start_at, handed_over_at as done_at, null::timestamp as released_at
from episodes
where mql_at between $since and $until;
