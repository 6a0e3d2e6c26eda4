-- How each lead with a pass ended, in bits, whichever pass it was: SAL, SQL, opportunity, won reached (1, 2, 4, 8, implied ones too); its last pass
-- left as rejected, recycled, disqualified, lost (16, 32, 64, 128). And the first pass, whose values are looked at.
create temp table lead_outcomes as
select
    lead_no,
    min(episode_no) as episode_no,
    (
        1 * max(coalesce(sal_at, sql_at, opportunity_at, won_at) is not null)::integer
        + 2 * max(coalesce(sql_at, opportunity_at, won_at) is not null)::integer
        + 4 * max(coalesce(opportunity_at, won_at) is not null)::integer
        + 8 * max(won_at is not null)::integer
        + case last(exit_stage::varchar order by pass_no)
            when 'rejected' then 16
            when 'recycled' then 32
            when 'disqualified' then 64
            when 'lost' then 128
            else 0
        end
    )::smallint as bits
from history.main.episodes
group by lead_no;
