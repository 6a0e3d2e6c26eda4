-- Leads with a meeting: what became of it, for the lists behind the figures.
-- grain: one row per pass with a meeting
-- unit: pass of a lead
-- params: filters, $only_recorded flag = false (where touches are recorded of only some teams, months or leads, only these)
-- needs: touches
select chosen.episode_no, meeting_kinds.kind
from judged_follow_ups($since, $until, $wanted, $fields, $unless_fields, $unless_values, $episodes, $only_recorded) as chosen
inner join meeting_kinds on meeting_kinds.episode_no = chosen.episode_no
order by chosen.opened_at desc, chosen.episode_no;
