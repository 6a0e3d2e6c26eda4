-- Accounts in figures: how many are worked, lie idle, are worth nurturing or quiet (these add up; open: worked and idle), and how many are dead or were revived.
-- grain: one row
-- unit: accounts
-- params: filters, $scope choice(handed_over|everyone) = handed_over (accounts with a pass that the filters choose, or with a lead created in the period), $active_days number = 60 (days in which somebody must have been active to be worth nurturing)
-- needs: touches (worked, idle, dead), activities (engaged, quiet, worth, worth_customers), exits (revived)
with
chosen as materialized (
    select found.account_no, count(*) as leads
    from account_leads(
            $since, $until, $wanted, $fields, $unless_fields, $unless_values, $episodes, $all_columns, $labels, $keys, $scope
        ) as found
    group by found.account_no
)

select
    count(standing.account_no) as accounts,
    cast(coalesce(sum(chosen.leads), 0) as bigint) as leads,
    cast(coalesce(sum(chosen.leads) filter (where chosen.account_no is null), 0) as bigint) as without_account,
    count(*) filter (where standing.last_activity_at > about.data_through - interval 90 day) as engaged,
    count(*) filter (where standing.is_open) as open,
    count(*) filter (where standing.is_alive) as worked,
    count(*) filter (where standing.is_open and not standing.is_alive) as idle,
    count(*) filter (where not standing.is_open and not standing.is_worth) as quiet,
    count(*) filter (where standing.is_dead) as dead,
    count(*) filter (where standing.is_revived) as revived,
    count(*) filter (where standing.is_worth) as worth,
    count(*) filter (where standing.is_worth and standing.is_customer) as worth_customers
from chosen
left join account_standing($active_days) as standing on standing.account_no = chosen.account_no
cross join about;
