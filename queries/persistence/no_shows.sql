-- Meetings: how many leads had one booked, held or missed, whether a missed one was set anew within 7 days, and what became of them.
-- grain: one row per kind of lead
-- unit: passes of leads; qualified is the number that became an SQL
-- params: filters
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
),

kinds as (
    select
        case
            when told.missed_at is null and told.held_at is not null then 'held'
            when told.missed_at is null then 'not_held_yet'
            when told.held_at > told.missed_at then 'missed_then_held'
            when anew.episode_no is not null then 'missed_set_anew'
            else 'missed_left'
        end as kind,
        chosen.sql_entry_at is not null as is_qualified
    from chosen_follow_ups($since, $until, $wanted, $fields, $unless_fields, $unless_values, $episodes) as chosen
    inner join told on told.episode_no = chosen.episode_no
    left join anew on anew.episode_no = chosen.episode_no
)

select
    listed.kind,
    count(kinds.kind) as leads,
    count(kinds.kind) filter (where kinds.is_qualified) as qualified
from (
    values ('held', 1), ('missed_then_held', 2), ('missed_set_anew', 3), ('missed_left', 4), ('not_held_yet', 5)
) as listed (kind, place)
left join kinds on kinds.kind = listed.kind
group by listed.kind, listed.place
order by listed.place;
