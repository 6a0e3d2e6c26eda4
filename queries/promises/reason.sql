-- Passes that left by an exit from $since to $until: whether its reason is on record.
select
    episode_no,
    lead_no,
    pass_no,
    opened_at,
    closed_at as start_at,
    case when exit_reason is not null then closed_at end as done_at,
    null::timestamp as released_at
from episodes
where exit_stage is not null and closed_at between $since and $until;
