select
    episodes.pass_no,
    episodes.opened_at,
    episodes.is_implied,
    episodes.repeats,
    episodes.mql_at,
    episodes.sal_at,
    episodes.sql_at,
    episodes.opportunity_at,
    episodes.won_at,
    episodes.exit_stage,
    episodes.exit_reason,
    episodes.closed_at,
    episodes.handed_over_at,
    episodes.rep_id,
    episodes.team,
    episodes.is_out_of_order
from episodes
inner join leads on leads.lead_no = episodes.lead_no
where leads.lead_id = $lead_id
order by episodes.pass_no;
