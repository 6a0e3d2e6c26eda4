-- Outcomes over time: when the episodes that entered a stage left it, and how. What the curve of cumulative incidence is drawn from.
-- grain: one row per hour since entering the stage and outcome (open: still open at the end of the extract)
-- unit: episodes
-- params: filters, $stage text = mql (mql or sal or sql or opportunity)
with
left_when as (
    select
        case when chosen.next_at is not null then 'advanced' when chosen.left_as is not null then chosen.left_as else 'open' end as outcome,
        greatest(epoch_us(coalesce(chosen.next_at, chosen.left_at, about.data_through)) - epoch_us(chosen.entered_at), 0) as us
    from chosen_steps($since, $until, $wanted, $fields, $unless_fields, $unless_values, $episodes, false) as chosen
    cross join about
    where chosen.stage = $stage
)

select outcome, ceil(us / 3600000000)::integer as hours, count(*) as n
from left_when
group by outcome, hours
order by hours, outcome;
