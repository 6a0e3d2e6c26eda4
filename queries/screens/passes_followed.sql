-- Passes of these numbers: whose they are, and how they were followed up.
select
    leads.lead_id,
    leads.company,
    counted.source,
    leads.source as source_today,
    follow_ups.pass_no,
    follow_ups.opened_at,
    follow_ups.handed_over_at,
    follow_ups.first_attempt_at,
    follow_ups.first_contact_at,
    follow_ups.attempts,
    case
        when follow_ups.sql_entry_at is not null then 'advanced'
        when episodes.exit_stage is not null then case episodes.exit_stage when 'disqualified' then 'lost' else episodes.exit_stage end
        else 'open'
    end as became,
    episodes.rep_id,
    episodes.team
from follow_ups
inner join episodes on episodes.episode_no = follow_ups.episode_no
inner join leads on leads.lead_no = follow_ups.lead_no
left join counted_sources() as counted on counted.episode_no = follow_ups.episode_no
where follow_ups.episode_no in (select unnest($episode_nos))
order by follow_ups.opened_at desc, leads.lead_id;
