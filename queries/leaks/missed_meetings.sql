-- Missed meetings: leads that missed one, whether it was held or set anew, and what became of them.
-- grain: one row per pass with a missed meeting
-- unit: pass of a lead; became is sql, left (the funnel, without an SQL) or open
-- params: filters, $only_recorded flag = false (where touches are recorded of only some teams, months or leads, only these)
-- needs: touches
select
    chosen.episode_no,
    meeting_kinds.kind,
    meeting_kinds.missed_at,
    case when chosen.sql_entry_at is not null then 'sql' when chosen.left_at is not null then 'left' else 'open' end as became
from judged_follow_ups($since, $until, $wanted, $fields, $unless_fields, $unless_values, $episodes, $only_recorded) as chosen
inner join meeting_kinds on meeting_kinds.episode_no = chosen.episode_no
where meeting_kinds.kind like 'missed%'
order by meeting_kinds.missed_at desc, chosen.episode_no;
