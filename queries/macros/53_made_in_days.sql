-- Calls and emails that each episode got within so many days of its hand-over; those without either are left out.
create macro made_in_days(p_days) as table
select
    attempts.episode_no,
    max(attempts.channel_no) filter (where attempts.channel = 'call') as calls,
    max(attempts.channel_no) filter (where attempts.channel = 'email') as emails
from attempts
where attempts.since_start_us between 0 and round(p_days * 86400000000) and attempts.channel in ('call', 'email')
group by attempts.episode_no;
