-- The first episode of each lead: when it opened, what it reached (implied stages at the earliest later one), how it was left, whose it was, and what
-- was decided first: taken on by sales, or gone. Where either end is a day without a time of day, whole days stand between entry and acceptance or SQL;
-- a decision of such a day is made by its end.
with
firsts as (
    select
        *,
        coalesce(mql_at, opened_at) as entered_at,
        coalesce(mql_day, opened_day) as entered_day,
        coalesce(mql_is_day, opened_is_day) as entered_is_day,
        coalesce(sal_at, least(sql_at, opportunity_at, won_at)) as accepted_at,
        coalesce(sal_day, least(sql_day, opportunity_day, won_day)) as accepted_day,
        case when sal_at is not null then sal_is_day else sql_is_day or opportunity_is_day or won_is_day end as accepted_is_day,
        coalesce(sql_at, least(opportunity_at, won_at)) as qualified_at,
        coalesce(sql_day, least(opportunity_day, won_day)) as qualified_day,
        case when sql_at is not null then sql_is_day else opportunity_is_day or won_is_day end as qualified_is_day
    from history.main.episodes
    where pass_no = 1
)

select
    lead_no,
    epoch_us(opened_at) as opened_us,
    opened_is_day,
    epoch_us(entered_at) as entered_us,
    case
        when accepted_is_day or (entered_is_day and accepted_at is not null)
            then epoch_us(entered_at) + (accepted_day - entered_day) * 86400000000
        else epoch_us(accepted_at)
    end as accepted_us,
    sal_at is not null as is_accepted_observed,
    case
        when qualified_is_day or (entered_is_day and qualified_at is not null)
            then epoch_us(entered_at) + (qualified_day - entered_day) * 86400000000
        else epoch_us(qualified_at)
    end as sql_us,
    epoch_us(won_at) as won_us,
    epoch_us(closed_at) as closed_us,
    least(
        epoch_us(sal_at) + if(sal_is_day, 86399999999, 0),
        epoch_us(sql_at) + if(sql_is_day, 86399999999, 0),
        epoch_us(opportunity_at) + if(opportunity_is_day, 86399999999, 0),
        epoch_us(won_at) + if(won_is_day, 86399999999, 0),
        epoch_us(closed_at) + if(closed_is_day, 86399999999, 0)
    ) as decided_us,
    exit_stage,
    rep_id
from firsts
order by lead_no;
