-- Passes handed over from $since to $until. Which fields were known then is worked out beside this.
select episode_no, lead_no, pass_no, opened_at, handed_over_at as start_at, null::timestamp as done_at, null::timestamp as released_at
from episodes
where handed_over_at between $since and $until;
