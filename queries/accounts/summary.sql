-- Accounts in figures: how many are worked, lie idle, are worth nurturing or quiet (these add up), and how many are dead or were revived.
-- grain: one row
-- unit: accounts
-- params: filters, $scope choice(handed_over|everyone) = handed_over (accounts with a pass that the filters choose, or with a lead created in the period), $active_days number = 60 (days in which somebody must have been active to be worth nurturing)
with
chosen as (
    select found.lead_no
    from chosen_episodes($since, $until, $wanted, $fields, $unless_fields, $unless_values, $episodes) as found
    where $scope = 'handed_over'
    union
    select found.lead_no
    from created_leads($since, $until, $wanted, $fields, $unless_fields, $unless_values, $all_columns, $labels, $keys) as found
    where $scope = 'everyone'
),

of_leads as (
    select count(*) as leads, count(*) filter (where leads.account_id is null) as without_account
    from chosen
    inner join leads on leads.lead_no = chosen.lead_no
),

of_accounts as (
    select
        count(*) as accounts,
        count(*) filter (where standing.last_activity_at > about.data_through - interval 90 day) as engaged,
        count(*) filter (where standing.is_alive) as worked,
        count(*) filter (where standing.is_open and not standing.is_alive) as idle,
        count(*) filter (where not standing.is_open and not standing.is_worth) as quiet,
        count(*) filter (where standing.is_dead) as dead,
        count(*) filter (where standing.is_revived) as revived,
        count(*) filter (where standing.is_worth) as worth,
        count(*) filter (where standing.is_worth and standing.is_customer) as worth_customers
    from account_standing(
            $since, $until, $wanted, $fields, $unless_fields, $unless_values, $episodes, $all_columns, $labels, $keys, $scope, null, $active_days
        ) as standing
    cross join about
)

select
    of_accounts.accounts,
    of_leads.leads,
    of_leads.without_account,
    of_accounts.engaged,
    of_accounts.worked,
    of_accounts.idle,
    of_accounts.quiet,
    of_accounts.dead,
    of_accounts.revived,
    of_accounts.worth,
    of_accounts.worth_customers
from of_accounts
cross join of_leads;
