-- Waits: when each lead was handed over, tried and reached, for the clocks of the Speed screen.
-- grain: one row per pass with an observed MQL
-- unit: microseconds since 1970 UTC; empty where it did not happen
-- params: filters
with
chosen as (
    select *
    from chosen_follow_ups($since, $until, $wanted, $fields, $unless_fields, $unless_values, $episodes)
    where mql_at is not null
),

reps_then as (
    select told.episode_no, told.value_no
    from episode_values as told
    where told.field_no = (select fields.field_no from fields where fields.built_in = 'rep')
),

teams_then as (
    select told.episode_no, told.value_no
    from episode_values as told
    where told.field_no = (select fields.field_no from fields where fields.built_in = 'team')
)

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
    reps_then.value_no as rep_no,
    teams_then.value_no as team_no
from chosen
left join reps_then on reps_then.episode_no = chosen.episode_no
left join teams_then on teams_then.episode_no = chosen.episode_no
order by chosen.episode_no;
