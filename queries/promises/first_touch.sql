-- Passes handed over from $since to $until: when a person first tried to reach the lead, also before the hand-over; released by a contact or an exit.
select
    episode_no,
    lead_no,
    pass_no,
    opened_at,
    handed_over_at as start_at,
    first_attempt_at as done_at,
    least(first_contact_at, left_at) as released_at
from follow_ups
where handed_over_at between $since and $until;
