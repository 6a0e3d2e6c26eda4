-- Open leads: how long each has been in its stage, who has it, and whether it is neglected.
-- grain: one row per open pass
-- unit: pass of a lead; microseconds since 1970 UTC
-- params: filters, $mql_days number = 14 (days from MQL to SAL), $sal_days number = 45 (days from SAL to SQL), $sql_days number = 45 (days from SQL to opportunity), $opportunity_days number = 180 (days from opportunity to won)
-- needs: touches (is_neglected)
select episode_no, stage, band, is_neglected, owner_id, epoch_us(entered_at) as entered_us
from open_passes($since, $until, $wanted, $fields, $unless_fields, $unless_values, $episodes, $mql_days, $sal_days, $sql_days, $opportunity_days)
order by entered_at, episode_no;
