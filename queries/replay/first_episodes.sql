-- The first episode of each lead: when it opened, what it reached (implied stages at the earliest later one), how it was left, whose it was.
select
    episodes.lead_no,
    epoch_us(episodes.opened_at) as opened_us,
    epoch_us(coalesce(episodes.mql_at, episodes.opened_at)) as entered_us,
    epoch_us(coalesce(episodes.sal_at, least(episodes.sql_at, episodes.opportunity_at, episodes.won_at))) as accepted_us,
    episodes.sal_at is not null as is_accepted_observed,
    epoch_us(coalesce(episodes.sql_at, least(episodes.opportunity_at, episodes.won_at))) as sql_us,
    epoch_us(episodes.won_at) as won_us,
    epoch_us(episodes.closed_at) as closed_us,
    -- what was decided first: taken on by sales, or gone
    epoch_us(least(episodes.sal_at, episodes.sql_at, episodes.opportunity_at, episodes.won_at, episodes.closed_at)) as decided_us,
    episodes.exit_stage,
    episodes.rep_id
from history.main.episodes as episodes
where episodes.pass_no = 1
order by episodes.lead_no;
