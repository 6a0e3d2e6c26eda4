-- Passes handed over by $until of which a stage was entered, or which were handed over, from $since on: each stage's own event and the exit. One row a pass;
-- its stages are told apart beside this.
select
    episode_no,
    lead_no,
    pass_no,
    opened_at,
    handed_over_at,
    mql_at,
    sal_at,
    sql_at,
    opportunity_at,
    won_at,
    exit_of(exit_stage, closed_at) as exit_at,
    closed_at
from episodes
where handed_over_at <= $until and greatest(handed_over_at, mql_at, sal_at, sql_at, opportunity_at) >= $since;
