-- The chosen passes that are still open, by the age since they entered their stage: within its time (in_window), past it (past_window), past it and over
-- 60 days (over_60_days). is_neglected: no touch of any kind for more than 60 days (since the opening where there was none). owner_id: who has the lead
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
    where judged.became = 'open'
),

handed_on as (
    select assigned.lead_no, last(assigned.rep_id::varchar order by assigned.occurred_at, assigned.event_id nulls last, assigned.row_no) as rep_id
    from assignments as assigned
    inner join still_open on still_open.lead_no = assigned.lead_no
    inner join episodes on episodes.episode_no = still_open.episode_no
    where assigned.occurred_at >= episodes.handed_over_at
    group by assigned.lead_no
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
    coalesce(tried.last_touch_at, still_open.opened_at) < about.data_through - interval 60 day as is_neglected,
    coalesce(handed_on.rep_id, episodes.rep_id::varchar) as owner_id
from still_open
inner join episodes on episodes.episode_no = still_open.episode_no
inner join follow_ups as tried on tried.episode_no = still_open.episode_no
left join handed_on on handed_on.lead_no = still_open.lead_no
cross join about;
