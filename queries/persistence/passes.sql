-- Passes: how each lead was followed up, for the lists of the Persistence screen.
-- grain: one row per pass
-- unit: counts; microseconds since 1970 UTC, empty where it did not happen
-- params: filters, $calls integer = 3 (calls promised), $emails integer = 3 (emails promised), $days number = 14 (days from hand-over), $only_recorded flag = false (where touches are recorded of only some teams, months or leads, only these)
-- needs: touches
select
    chosen.episode_no,
    chosen.tried,
    chosen.attempts,
    chosen.contact_attempt,
    coalesce(made.calls, 0) as calls,
    coalesce(made.emails, 0) as emails,
    chosen.first_week_calls,
    chosen.is_mature,
    chosen.part,
    chosen.is_released or chosen.is_made as is_kept,
    chosen.attempts > 0
    and chosen.attempts < $calls + $emails
    and chosen.released_at is null
    and chosen.last_attempt_at < about.data_through - interval 14 day as is_abandoned,
    epoch_us(chosen.opened_at) as opened_us,
    epoch_us(chosen.start_at) as start_us,
    epoch_us(chosen.first_contact_at) as contact_us,
    epoch_us(chosen.sql_entry_at) as sql_us,
    epoch_us(chosen.last_attempt_at) as last_attempt_us
from promised_passes($since, $until, $wanted, $fields, $unless_fields, $unless_values, $episodes, $calls, $emails, $days, $only_recorded) as chosen
cross join about
left join made_in_days($days) as made on made.episode_no = chosen.episode_no
order by chosen.episode_no;
