-- The chosen steps with what became of each: its fate, whether it is mature (long enough ago), in time (the next stage within the window), both.
-- A step that reached the next stage advanced, however late; one that did not has the fate of its episode's exit, or is still open.
create macro judged_steps(
    p_since, p_until, p_wanted, p_fields, p_unless_fields, p_unless_values, p_passes, p_mql_days, p_sal_days, p_sql_days, p_opportunity_days
) as table
select
    chosen.*,
    windows.last_mature >= chosen.entered_at as is_mature,
    chosen.micros_to_next <= windows.micros as is_in_time,
    windows.last_mature >= chosen.entered_at and chosen.micros_to_next <= windows.micros as is_converted,
    case
        when chosen.became <> 'open' then chosen.became::varchar
        when windows.last_mature < chosen.entered_at then 'open_in_window'
        when chosen.became = 'open' then 'open_past_window'
    end as fate
from chosen_steps(p_since, p_until, p_wanted, p_fields, p_unless_fields, p_unless_values, p_passes, false) as chosen
inner join (
    select listed.stage_rank, listed.micros, about.data_through - listed.horizon as last_mature
    from windows(p_mql_days, p_sal_days, p_sql_days, p_opportunity_days) as listed
    cross join about
) as windows on windows.stage_rank = chosen.stage_rank;
