-- Ageing: open leads by who has them, by the age since they entered their stage, and how many nobody has touched for over 60 days.
-- grain: one row per rep who has open leads as the data end and stage; empty rep: nobody
-- unit: passes of leads; in_window + past_window + over_60_days = open; neglected: no touch of any kind for over 60 days, whatever the stage's time
-- params: filters, $mql_days number = 14 (days from MQL to SAL), $sal_days number = 45 (days from SAL to SQL), $sql_days number = 45 (days from SQL to opportunity), $opportunity_days number = 180 (days from opportunity to won)
-- needs: touches (neglected)
with
counted as (
    select
        owner_id,
        stage_rank,
        stage,
        count(*) as open,
        count(*) filter (where band = 'in_window') as in_window,
        count(*) filter (where band = 'past_window') as past_window,
        count(*) filter (where band = 'over_60_days') as over_60_days,
        count(*) filter (where is_neglected) as neglected
    from
        open_passes(
            $since, $until, $wanted, $fields, $unless_fields, $unless_values, $episodes, $mql_days, $sal_days, $sql_days, $opportunity_days
        )
    group by owner_id, stage_rank, stage
)

select owner_id as rep, stage, open, in_window, past_window, over_60_days, neglected
from counted
order by sum(neglected) over (partition by owner_id) desc, owner_id nulls last, stage_rank;
