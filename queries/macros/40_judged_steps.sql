-- The chosen steps with what became of each: its fate, whether it is mature, whether it converted within the window.
-- A step that reached the next stage advanced, however late; one that did not has the fate of its episode's exit, or is still open.
create macro judged_steps(
    p_since, p_until, p_wanted, p_fields, p_unless_fields, p_unless_values, p_passes, p_mql_days, p_sal_days, p_sql_days, p_opportunity_days
) as table
select
    chosen.*,
    about.data_through - windows.horizon >= chosen.entered_at as is_mature,
    about.data_through - windows.horizon >= chosen.entered_at and chosen.next_at - windows.horizon <= chosen.entered_at as is_converted,
    case
        when windows.horizon is null then null
        when chosen.next_at is not null then 'advanced'
        when chosen.left_as is not null then chosen.left_as
        when about.data_through - windows.horizon < chosen.entered_at then 'open_in_window'
        else 'open_past_window'
    end as fate
from chosen_steps(p_since, p_until, p_wanted, p_fields, p_unless_fields, p_unless_values, p_passes, false) as chosen
inner join windows(p_mql_days, p_sal_days, p_sql_days, p_opportunity_days) as windows on windows.stage_rank = chosen.stage_rank
cross join about;
