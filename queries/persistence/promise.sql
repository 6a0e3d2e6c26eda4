-- Persistence promise: of the leads handed over long enough ago, the share that got the promised calls and emails in time, or were reached, qualified or left by then.
-- grain: one row
-- unit: passes of leads; share is of the mature ones
-- params: filters, $calls integer = 3 (calls promised), $emails integer = 3 (emails promised), $days number = 14 (days from hand-over), $only_recorded flag = false (where touches are recorded of only some teams, months or leads, only these)
-- needs: touches (kept, share)
with
promised as (
    select
        episode_no,
        start_age_us >= round($days * 86400000000) as is_mature,
        coalesce(epoch_us(released_at) - epoch_us(start_at) <= round($days * 86400000000), false) as is_released
    from judged_follow_ups($since, $until, $wanted, $fields, $unless_fields, $unless_values, $episodes, $only_recorded)
),

called as (
    select episode_no
    from attempts
    where channel = 'call' and channel_no = $calls and since_start_us <= round($days * 86400000000)
),

mailed as (
    select episode_no
    from attempts
    where channel = 'email' and channel_no = $emails and since_start_us <= round($days * 86400000000)
),

judged as (
    select
        is_mature,
        is_released
        or (
            ($calls = 0 or episode_no in (select called.episode_no from called))
            and ($emails = 0 or episode_no in (select mailed.episode_no from mailed))
        ) as is_kept
    from promised
)

select
    count(*) as episodes,
    count(*) filter (where is_mature) as mature,
    count(*) filter (where is_mature and is_kept) as kept,
    count(*) filter (where is_mature and is_kept) / nullif(count(*) filter (where is_mature), 0) as share
from judged;
