-- The passes that were won in the time from $now to $last: whose, from where, and what the lead's deals are worth (empty without an amount).
select
    steps.episode_no,
    leads.lead_no,
    leads.lead_id,
    leads.company,
    counted.source,
    episodes.rep_id,
    steps.observed_at as won_at,
    valued.amount
from steps
inner join episodes on episodes.episode_no = steps.episode_no
inner join leads on leads.lead_no = steps.lead_no
left join counted_sources() as counted on counted.episode_no = steps.episode_no
left join (
    select lead_no, sum(amount) as amount
    from deals
    group by lead_no
) as valued on valued.lead_no = steps.lead_no
where steps.stage_rank = 5 and steps.observed_at >= $now and steps.observed_at < $last
order by valued.amount desc nulls last, steps.observed_at, leads.lead_id
