select
    episodes.pass_no,
    episodes.opened_at,
    episodes.is_implied,
    episodes.repeats,
    episodes.mql_at,
    episodes.mql_is_day,
    episodes.sal_at,
    episodes.sal_is_day,
    episodes.sql_at,
    episodes.sql_is_day,
    episodes.opportunity_at,
    episodes.opportunity_is_day,
    episodes.won_at,
    episodes.won_is_day,
    episodes.exit_stage,
    episodes.exit_reason,
    episodes.closed_at,
    episodes.closed_is_day,
    episodes.handed_over_at,
    episodes.rep_id,
    episodes.team,
    episodes.is_out_of_order
from episodes
inner join leads on leads.lead_no = episodes.lead_no
where leads.lead_id = $lead_id
order by episodes.pass_no;
