-- Passes handed over from $since to $until: when they were accepted, or left, also before the hand-over.
select
    episode_no,
    lead_no,
    pass_no,
    opened_at,
    handed_over_at as start_at,
    least(sal_reached(sal_at, sql_at, opportunity_at, won_at), exit_of(exit_stage, closed_at)) as done_at,
    null::timestamp as released_at
from episodes
where handed_over_at between $since and $until;
