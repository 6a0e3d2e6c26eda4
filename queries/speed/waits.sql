-- Waits: when each lead was handed over, tried and reached, for the clocks of the Speed screen.
-- grain: one row per pass with an observed MQL
-- unit: microseconds since 1970 UTC, empty where it did not happen; rep_no and team_no are numbers of values; is_day: a day without a time of day
-- params: filters, $only_recorded flag = false (where touches are recorded of only some teams, months or leads, only these)
-- needs: touches (attempt_us, contact_us), owners (handed_us)
select
    chosen.episode_no,
    chosen.lead_no,
    epoch_us(chosen.mql_at) as mql_us,
    epoch_us(chosen.handed_over_at) as handed_us,
    epoch_us(chosen.first_attempt_at) as attempt_us,
    epoch_us(chosen.first_contact_at) as contact_us,
    epoch_us(chosen.watch_ends_at) as ends_us,
    epoch_us(chosen.left_at) as left_us,
    epoch_us(chosen.sql_entry_at) as sql_us,
    chosen.rep_no,
    chosen.team_no,
    coalesce(chosen.mql_is_day, false) as mql_is_day,
    coalesce(chosen.first_attempt_is_day, false) as attempt_is_day,
    coalesce(chosen.handed_is_day, false) as handed_is_day
from judged_follow_ups($since, $until, $wanted, $fields, $unless_fields, $unless_values, $episodes, $only_recorded) as chosen
where chosen.mql_at is not null
order by chosen.episode_no;
