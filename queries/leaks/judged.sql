-- Judged by sales: the leads that sales sent back, and those that it accepted and kept.
-- grain: one row per pass that was rejected or reached SAL
-- unit: pass of a lead; microseconds since 1970 UTC
-- params: filters
-- needs: none (follow_ups is read for what the filters choose)
select
    episodes.episode_no,
    episodes.lead_no,
    episodes.pass_no,
    epoch_us(chosen.opened_at) as opened_us,
    coalesce(episodes.exit_stage = 'rejected', false) and episodes.won_at is null as is_rejected,
    chosen.sql_entry_at is not null as is_sql
from chosen_follow_ups($since, $until, $wanted, $fields, $unless_fields, $unless_values, $episodes) as chosen
inner join episodes on episodes.episode_no = chosen.episode_no
where
    (coalesce(episodes.exit_stage = 'rejected', false) and episodes.won_at is null)
    or coalesce(episodes.sal_at, episodes.sql_at, episodes.opportunity_at, episodes.won_at) is not null
order by episodes.episode_no;
