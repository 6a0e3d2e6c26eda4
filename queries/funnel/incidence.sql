-- Outcomes over time: when the episodes that entered a stage left it, and how. What the curve of cumulative incidence is drawn from.
-- grain: one row per hour since entering the stage and outcome (open: still open at the end of the extract)
-- unit: episodes
-- params: filters, $stage choice(mql|sal|sql|opportunity) = mql (the stage that was entered)
with
left_when as (
    select
        chosen.became,
        greatest(
            coalesce(chosen.micros_to_next, chosen.micros_to_left, epoch_us(about.data_through) - epoch_us(chosen.entered_at)), 0
        ) as us
    from chosen_steps($since, $until, $wanted, $fields, $unless_fields, $unless_values, $episodes, false) as chosen
    cross join about
    where chosen.stage_rank = (select stages.stage_rank from stages where stages.stage = $stage)
),

counted as (
    select became, ceil(us / 3600000000)::integer as hours, count(*) as n
    from left_when
    group by became, hours
)

select became::varchar as outcome, hours, n
from counted
order by hours, outcome;
