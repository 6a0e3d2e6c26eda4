-- Meetings: how many leads had one held or missed, whether a missed one was set anew within 7 days; no-shows (it was the last word) are missed_left and missed_lately.
-- grain: one row per kind of lead
-- unit: passes of leads; qualified is the number that became an SQL
-- params: filters, $only_recorded flag = false (where touches are recorded of only some teams, months or leads, only these)
-- needs: touches
with
kinds as (
    select meeting_kinds.kind, chosen.sql_entry_at is not null as is_qualified
    from judged_follow_ups($since, $until, $wanted, $fields, $unless_fields, $unless_values, $episodes, $only_recorded) as chosen
    inner join meeting_kinds on meeting_kinds.episode_no = chosen.episode_no
)

select
    listed.kind,
    count(kinds.kind) as leads,
    count(kinds.kind) filter (where kinds.is_qualified) as qualified
from (
    values ('held', 1), ('missed_then_held', 2), ('missed_set_anew', 3), ('missed_set_anew_late', 4), ('missed_called_off', 5), ('missed_left', 6),
    ('missed_lately', 7), ('not_held_yet', 8)
) as listed (kind, place)
left join kinds on kinds.kind = listed.kind
group by listed.kind, listed.place
order by listed.place;
