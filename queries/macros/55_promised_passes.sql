-- The chosen episodes with what was made of the promise: calls and emails in time, whether it is kept, and how.
-- part: too_early, made (all calls and emails), released (reached, an SQL or gone by then), some (too few touches), none (not one attempt).
create macro promised_passes(
    p_since, p_until, p_wanted, p_fields, p_unless_fields, p_unless_values, p_passes, p_calls, p_emails, p_days
) as table
with
made as (
    select
        attempts.episode_no,
        max(attempts.channel_no) filter (where attempts.channel = 'call') as calls,
        max(attempts.channel_no) filter (where attempts.channel = 'email') as emails
    from attempts
    where attempts.since_start_us between 0 and round(p_days * 86400000000) and attempts.channel in ('call', 'email')
    group by attempts.episode_no
),

judged as (
    select
        chosen.*,
        coalesce(made.calls, 0) as calls,
        coalesce(made.emails, 0) as emails,
        chosen.start_age_us >= round(p_days * 86400000000) as is_mature,
        coalesce(epoch_us(chosen.released_at) - epoch_us(chosen.start_at) <= round(p_days * 86400000000), false) as is_released,
        coalesce(made.calls, 0) >= p_calls and coalesce(made.emails, 0) >= p_emails as is_made
    from chosen_follow_ups(p_since, p_until, p_wanted, p_fields, p_unless_fields, p_unless_values, p_passes) as chosen
    left join made on made.episode_no = chosen.episode_no
)

select
    judged.*,
    case
        when not judged.is_mature then 'too_early'
        when judged.is_made then 'made'
        when judged.is_released then 'released'
        when judged.attempts > 0 then 'some'
        else 'none'
    end as part
from judged;
