-- Leads without a clock: passes that came in without an MQL of their own, which Persistence counts and Speed to lead cannot.
-- grain: one row
-- unit: passes of leads; without_mql is those of them whose first record is a later stage
-- params: filters, $only_recorded flag = false (where touches are recorded of only some teams, months or leads, only these)
-- needs: none (follow_ups is read for what the filters choose)
select
    count(*) as passes,
    count(*) filter (where mql_at is null) as without_mql
from judged_follow_ups($since, $until, $wanted, $fields, $unless_fields, $unless_values, $episodes, $only_recorded);
