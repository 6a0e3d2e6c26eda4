-- Passes with an MQL of their own, opened from $since to $until. Whether the lead then met the definition is worked out beside this.
select episode_no, lead_no, pass_no, opened_at, opened_at as start_at, null::timestamp as done_at, null::timestamp as released_at
from episodes
where mql_at is not null and opened_at between $since and $until;
