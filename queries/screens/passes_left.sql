-- Passes of these numbers: whose they are, where they stand or how they left, and the last signs of sales and of the lead.
select
    episodes.episode_no,
    leads.lead_id,
    leads.company,
    counted.source,
    leads.source as source_today,
    episodes.pass_no,
    episodes.opened_at,
    case
        when episodes.won_at is not null then 'won'
        when episodes.exit_stage is not null then episodes.exit_stage
        when episodes.opportunity_at is not null then 'opportunity'
        when episodes.sql_at is not null then 'sql'
        when episodes.sal_at is not null then 'sal'
        else 'mql'
    end as stands_at,
    episodes.closed_at as outcome_at,
    episodes.exit_reason as reason,
    episodes.rep_id,
    episodes.team,
    leads.last_touch_at,
    leads.last_activity_at
from episodes
inner join leads on leads.lead_no = episodes.lead_no
left join counted_sources() as counted on counted.episode_no = episodes.episode_no
where episodes.episode_no in (select unnest($episode_nos));
