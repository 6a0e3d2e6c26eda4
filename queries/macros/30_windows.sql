-- The window of each step: how long after entering a stage the next one still counts as reached in time.
create macro windows(p_mql_days, p_sal_days, p_sql_days, p_opportunity_days) as table
select
    listed.stage,
    listed.stage_rank::tinyint as stage_rank,
    round(listed.days * 86400000000)::bigint as micros,
    to_microseconds(round(listed.days * 86400000000)::bigint) as horizon
from (
    values ('mql', 1, p_mql_days), ('sal', 2, p_sal_days), ('sql', 3, p_sql_days), ('opportunity', 4, p_opportunity_days), ('won', 5, null)
) as listed (stage, stage_rank, days);
