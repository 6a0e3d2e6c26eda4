-- What became of the meetings of each episode that had one: held, or the last one missed and then held, set anew within 7 days, left, or missed so
-- lately that the 7 days are not over.
create view meeting_kinds as
with
told as (
    select
        meetings.episode_no,
        max(meetings.told_at) filter (where meetings.outcome = 'no_show') as missed_at,
        max(meetings.told_at) filter (where meetings.outcome = 'held') as held_at
    from meetings
    group by meetings.episode_no
),

anew as (
    select distinct told.episode_no
    from told
    inner join meetings on meetings.episode_no = told.episode_no
    where
        meetings.outcome in ('booked', 'rescheduled', 'held')
        and meetings.told_at > told.missed_at
        and meetings.told_at <= told.missed_at + interval 7 day
)

select
    told.episode_no,
    told.missed_at,
    case
        when told.missed_at is null and told.held_at is not null then 'held'
        when told.missed_at is null then 'not_held_yet'
        when told.held_at > told.missed_at then 'missed_then_held'
        when anew.episode_no is not null then 'missed_set_anew'
        when told.missed_at + interval 7 day > about.data_through then 'missed_lately'
        else 'missed_left'
    end as kind
from told
cross join about
left join anew on anew.episode_no = told.episode_no;
