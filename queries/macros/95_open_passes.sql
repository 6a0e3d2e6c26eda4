-- The chosen passes that are still open, by the age since they entered their stage: within its time (in_window), past it (past_window), past it and over
-- 60 days (over_60_days). is_neglected: no touch of any kind for more than 60 days (since the opening where there was none); empty where touches are not
-- on record. A step whose end is not recorded has no open leads: nobody knows. owner_id: who has the lead
-- as the data end; nobody where it was never handed over.
create macro open_passes(
    p_since, p_until, p_wanted, p_fields, p_unless_fields, p_unless_values, p_passes, p_mql_days, p_sal_days, p_sql_days, p_opportunity_days
) as table
with
still_open as (
    select judged.episode_no, judged.lead_no, judged.stage, judged.stage_rank, judged.entered_at, judged.opened_at, judged.is_mature
    from judged_steps(
        p_since, p_until, p_wanted, p_fields, p_unless_fields, p_unless_values, p_passes, p_mql_days, p_sal_days, p_sql_days, p_opportunity_days
    ) as judged
    where judged.became = 'open' and judged.stage_rank not in (select unrecorded.stage_rank from unrecorded_steps as unrecorded)
)

select
    still_open.episode_no,
    still_open.lead_no,
    still_open.stage,
    still_open.stage_rank,
    still_open.entered_at,
    case
        when not still_open.is_mature then 'in_window'
        when still_open.entered_at >= about.data_through - interval 60 day then 'past_window'
        else 'over_60_days'
    end as band,
    case when known.touches_from < 9 then coalesce(tried.last_touch_at, still_open.opened_at) < about.data_through - interval 60 day end as is_neglected,
    tried.owner_id
from still_open
inner join follow_ups as tried on tried.episode_no = still_open.episode_no
inner join pass_record(true) as known on known.episode_no = still_open.episode_no
cross join about;
