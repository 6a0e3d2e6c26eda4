-- Passes with an SQL of their own, from $since to $until. Which fields were known then is worked out beside this.
select episode_no, lead_no, pass_no, opened_at, sql_at as start_at, null::timestamp as done_at, null::timestamp as released_at
from episodes
where sql_at between $since and $until;
