-- Passes that were recycled, from $since to $until: when the lead's next pass opened. When a machine next wrote is looked up beside this.
select episode_no, lead_no, pass_no, opened_at, closed_at as start_at, next_opened_at as done_at, null::timestamp as released_at
from episodes
where exit_stage = 'recycled' and closed_at between $since and $until;
