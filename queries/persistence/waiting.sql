-- Waiting: open leads before SQL that nobody has reached yet, each in its last pass, and what was done for them so far.
-- grain: one row per lead that waits at the end of the data
-- unit: counts; microseconds since 1970 UTC, empty where it did not happen
-- params: filters, $days number = 14 (days from hand-over in which promised touches count), $only_recorded flag = false (where touches are recorded of only some teams, months or leads, only these)
-- needs: touches
with
-- Neither reached, nor an SQL, nor gone: so no later pass of the lead can have opened.
chosen as (
    select episode_no, lead_no, pass_no, opened_at, handed_over_at, start_at, attempts, last_attempt_at
    from judged_follow_ups($since, $until, $wanted, $fields, $unless_fields, $unless_values, 'all', $only_recorded)
    where released_at is null
),

made as (
    select
        attempts.episode_no,
        max(attempts.channel_no) filter (where attempts.channel = 'call') as calls,
        max(attempts.channel_no) filter (where attempts.channel = 'email') as emails,
        max(attempts.channel_no) filter (where attempts.channel = 'call' and attempts.since_start_us <= round($days * 86400000000)) as calls_in_time,
        max(attempts.channel_no) filter (where attempts.channel = 'email' and attempts.since_start_us <= round($days * 86400000000)) as emails_in_time
    from attempts
    inner join chosen on chosen.episode_no = attempts.episode_no
    where attempts.since_start_us >= 0 and attempts.channel in ('call', 'email')
    group by attempts.episode_no
),

heard as (
    select chosen.lead_no, max(touches.occurred_at) as heard_at
    from touches
    inner join chosen on chosen.lead_no = touches.lead_no
    where touches.direction = 'inbound' and not coalesce(touches.is_automated, false) and touches.occurred_at >= chosen.opened_at
    group by chosen.lead_no
),

owned_since as (
    select
        assignments.lead_no,
        assignments.rep_id::varchar as rep_id,
        row_number() over (
            partition by assignments.lead_no
            order by assignments.occurred_at desc, assignments.event_id desc nulls first, assignments.row_no desc
        ) as back
    from assignments
    inner join chosen on chosen.lead_no = assignments.lead_no
    where assignments.occurred_at >= chosen.handed_over_at
)

select
    chosen.episode_no,
    chosen.lead_no,
    chosen.pass_no,
    epoch_us(chosen.opened_at) as opened_us,
    epoch_us(chosen.handed_over_at) as handed_us,
    epoch_us(chosen.start_at) as start_us,
    chosen.attempts,
    coalesce(made.calls, 0) as calls,
    coalesce(made.emails, 0) as emails,
    coalesce(made.calls_in_time, 0) as calls_in_time,
    coalesce(made.emails_in_time, 0) as emails_in_time,
    epoch_us(greatest(chosen.last_attempt_at, heard.heard_at)) as touched_us,
    episodes.rep_id as handed_to,
    coalesce(owned_since.rep_id, episodes.rep_id) as owner_id
from chosen
inner join episodes on episodes.episode_no = chosen.episode_no
left join made on made.episode_no = chosen.episode_no
left join heard on heard.lead_no = chosen.lead_no
left join owned_since on owned_since.lead_no = chosen.lead_no and owned_since.back = 1
order by chosen.episode_no;
