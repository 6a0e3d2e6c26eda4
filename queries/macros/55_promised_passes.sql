-- The chosen episodes with what was made of the promise. part: too_early, made (all calls and emails in time), released (reached, an SQL, or tried
-- and gone by then), gone_unseen (it left by an exit by then, and nobody had tried or reached it), some (too few touches), none (not one attempt).
create macro promised_passes(
    p_since, p_until, p_wanted, p_fields, p_unless_fields, p_unless_values, p_passes, p_calls, p_emails, p_days, p_each
) as table
with
judged as (
    select
        chosen.*,
        chosen.start_age_us >= round(p_days * 86400000000) as is_mature,
        coalesce(epoch_us(chosen.released_at) - epoch_us(chosen.start_at) <= round(p_days * 86400000000), false) as is_released,
        (
            p_calls = 0
            or chosen.episode_no in (
                select called.episode_no
                from attempts as called
                where called.channel = 'call' and called.channel_no = p_calls and called.since_start_us <= round(p_days * 86400000000)
            )
        )
        and (
            p_emails = 0
            or chosen.episode_no in (
                select mailed.episode_no
                from attempts as mailed
                where mailed.channel = 'email' and mailed.channel_no = p_emails and mailed.since_start_us <= round(p_days * 86400000000)
            )
        ) as is_made
    from judged_follow_ups(p_since, p_until, p_wanted, p_fields, p_unless_fields, p_unless_values, p_passes, p_each) as chosen
)

select
    judged.*,
    case
        when not judged.is_mature then 'too_early'
        when judged.is_made then 'made'
        when
            judged.is_released
            and judged.left_at <= judged.released_at
            and judged.sql_entry_at is null
            and coalesce(judged.first_contact_at > judged.left_at, true)
            and coalesce(judged.first_attempt_at > judged.left_at, true)
            then 'gone_unseen'
        when judged.is_released then 'released'
        when judged.attempts > 0 then 'some'
        else 'none'
    end as part
from judged;
