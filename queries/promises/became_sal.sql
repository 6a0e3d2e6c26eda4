-- Passes with an SAL of their own, from $since to $until.
select episode_no, lead_no, pass_no, opened_at, sal_at as start_at, null::timestamp as done_at, null::timestamp as released_at
from episodes
where sal_at between $since and $until;
