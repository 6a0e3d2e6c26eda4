-- Passes handed over from $since to $until: when the last of so many calls and emails from the hand-over on was made; released by a contact, an SQL or an
-- exit, also before. One of $calls and $emails may be 0.
with
handed as (
    select
        episode_no, lead_no, pass_no, opened_at, handed_over_at, least(sql_reached(sql_at, opportunity_at, won_at), exit_of(exit_stage, closed_at)) as over_at
    from episodes
    where handed_over_at between $since and $until
),

made as (
    select
        attempts.episode_no,
        max(attempts.attempted_at) filter (where attempts.channel = 'call') as called_at,
        max(attempts.attempted_at) filter (where attempts.channel = 'email') as mailed_at
    from attempts
    inner join handed on handed.episode_no = attempts.episode_no
    where
        (attempts.channel = 'call' and $calls > 0 and attempts.channel_no = $calls)
        or (attempts.channel = 'email' and $emails > 0 and attempts.channel_no = $emails)
    group by attempts.episode_no
)

select
    handed.episode_no,
    handed.lead_no,
    handed.pass_no,
    handed.opened_at,
    handed.handed_over_at as start_at,
    case
        when ($calls = 0 or made.called_at is not null) and ($emails = 0 or made.mailed_at is not null) then greatest(made.called_at, made.mailed_at)
    end as done_at,
    least(follow_ups.first_contact_at, handed.over_at) as released_at
from handed
inner join follow_ups on follow_ups.episode_no = handed.episode_no
left join made on made.episode_no = handed.episode_no;
