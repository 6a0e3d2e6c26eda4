-- Passes that sales rejected, from $since to $until. What became of their leads is looked up beside this.
select episode_no, lead_no, pass_no, opened_at, closed_at as start_at, null::timestamp as done_at, null::timestamp as released_at
from episodes
where exit_stage = 'rejected' and closed_at between $since and $until;
