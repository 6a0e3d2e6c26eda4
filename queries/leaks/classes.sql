-- Leaks by class: where leads left the funnel or stayed past the time agreed, and in which way.
-- grain: one row per step and class that occurs
-- unit: passes of leads; share is of those that leaked at the step
-- params: filters, $mql_days number = 14 (days from MQL to SAL), $sal_days number = 45 (days from SAL to SQL), $sql_days number = 45 (days from SQL to opportunity), $opportunity_days number = 180 (days from opportunity to won), $k integer = 6 (attempts that count as worked through), $only_recorded flag = false (where touches or owners are recorded of only some teams, months or leads, judge only these)
-- needs: touches (said by class), owners (said by class)
with
counted as (
    select stage_rank, class, count(*) as n
    from
        classed_steps(
            $since, $until, $wanted, $fields, $unless_fields, $unless_values, $episodes, $mql_days, $sal_days, $sql_days, $opportunity_days, $k,
            $only_recorded
        )
    where class is not null
    group by stage_rank, class
)

select
    leak_steps.step,
    counted.class,
    counted.n,
    counted.n / nullif(sum(counted.n) over (partition by counted.stage_rank), 0) as share
from counted
inner join leak_steps on leak_steps.stage_rank = counted.stage_rank
inner join leak_classes on leak_classes.class = counted.class
order by counted.stage_rank, leak_classes.place;
