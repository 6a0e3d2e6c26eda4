-- Accounts: who of each account is engaged, how far it came, when anybody last stirred, and whether it is worth nurturing.
-- grain: one row per account of which the filters choose a lead; the figures are of all its leads
-- unit: leads, passes
-- params: filters, $scope choice(handed_over|everyone) = handed_over (accounts with a pass that the filters choose, or with a lead created in the period), $kind choice(worked|idle|worth|quiet|open|dead|revived) (nothing for all), $active_days number = 60 (days in which somebody must have been active to be worth nurturing), $search search (part of id, company, address or title of a lead), $most integer = 100 (rows at most), $skipped integer = 0 (rows to pass over)
with
page as (
    select standing.*, count(*) over () as total
    from account_standing(
            $since, $until, $wanted, $fields, $unless_fields, $unless_values, $episodes, $all_columns, $labels, $keys, $scope, $search, $active_days
        ) as standing
    where
        $kind is null
        or ($kind = 'worked' and standing.is_alive)
        or ($kind = 'idle' and standing.is_open and not standing.is_alive)
        or ($kind = 'worth' and standing.is_worth)
        or ($kind = 'quiet' and not standing.is_open and not standing.is_worth)
        or ($kind = 'open' and standing.is_open)
        or ($kind = 'dead' and standing.is_dead)
        or ($kind = 'revived' and standing.is_revived)
    order by standing.last_activity_at desc nulls last, standing.account_id
    limit
        $most
        offset $skipped
),

members as (
    select leads.lead_no, leads.account_id, leads.company, leads.last_activity_at, leads.last_touch_at
    from leads
    where leads.account_id in (select page.account_id from page)
),

people as (
    select
        members.account_id,
        count(*) as contacts,
        count(*) filter (where members.last_activity_at > about.data_through - interval 90 day) as engaged,
        max(members.last_touch_at) as last_touch_at
    from members
    cross join about
    group by members.account_id
),

passed as (
    select
        members.account_id,
        count(*) as passes,
        count(*) filter (where episodes.exit_stage is null and episodes.won_at is null) as open_passes,
        max(
            case
                when episodes.won_at is not null then 5
                when episodes.opportunity_at is not null then 4
                when episodes.sql_at is not null then 3
                when episodes.sal_at is not null then 2
                else 1
            end
        ) as reached_rank
    from members
    inner join episodes on episodes.lead_no = members.lead_no
    group by members.account_id
),

companies as (
    select named.account_id, first(named.company order by named.n desc, named.company) as company
    from (
        select members.account_id, members.company, count(*) as n
        from members
        where members.company is not null
        group by members.account_id, members.company
    ) as named
    group by named.account_id
)

select
    page.account_id,
    companies.company,
    people.contacts,
    people.engaged,
    coalesce(stages.stage, 'inquiry') as furthest,
    coalesce(passed.passes, 0) as passes,
    coalesce(passed.open_passes, 0) as open_passes,
    page.last_activity_at,
    people.last_touch_at,
    page.is_worth,
    page.is_dead,
    page.is_revived,
    page.total
from page
inner join people on people.account_id = page.account_id
left join passed on passed.account_id = page.account_id
left join companies on companies.account_id = page.account_id
left join stages on stages.stage_rank = passed.reached_rank
order by page.last_activity_at desc nulls last, page.account_id;
