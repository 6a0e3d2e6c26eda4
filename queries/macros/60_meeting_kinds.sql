-- What became of the meetings of each episode that had one. A no-show: of the touches that tell of a meeting the last is no_show; left there, or missed
-- so lately that the 7 days in which it may be set anew are not over. Else a missed one was held later, set anew within 7 days or later than that, or
-- called off. Touches count in their order (time, id, line).
create view meeting_kinds as
with
last_missed as (
    select
        meetings.episode_no,
        max(meetings.meeting_no) filter (where meetings.outcome = 'no_show') as missed_no,
        max(meetings.told_at) filter (where meetings.outcome = 'no_show') as missed_at,
        max(meetings.meeting_no) filter (where meetings.outcome = 'held') as held_no,
        max(meetings.meeting_no) as last_no
    from meetings
    group by meetings.episode_no
),

new_date as (
    select last_missed.episode_no, min(meetings.told_at) as new_date_at
    from last_missed
    inner join meetings on meetings.episode_no = last_missed.episode_no
    where meetings.outcome in ('booked', 'rescheduled') and meetings.meeting_no > last_missed.missed_no
    group by last_missed.episode_no
)

select
    last_missed.episode_no,
    last_missed.missed_at,
    case
        when last_missed.missed_no is null and last_missed.held_no is not null then 'held'
        when last_missed.missed_no is null then 'not_held_yet'
        when last_missed.held_no > last_missed.missed_no then 'missed_then_held'
        when last_missed.missed_no = last_missed.last_no and last_missed.missed_at + interval 7 day > about.data_through then 'missed_lately'
        when last_missed.missed_no = last_missed.last_no then 'missed_left'
        when new_date.new_date_at <= last_missed.missed_at + interval 7 day then 'missed_set_anew'
        when new_date.new_date_at is not null then 'missed_set_anew_late'
        else 'missed_called_off'
    end as kind
from last_missed
cross join about
left join new_date on new_date.episode_no = last_missed.episode_no;
