-- One row per account of a surviving lead: who is there, how far they came and whether anybody is at work, as the data end. A pass is alive while it is
-- open and was touched, or opened, in the last 60 days; where touches are not on record, while it is open. dead: handed over, never won, no pass
-- alive. revived: a pass opened after one that had ended.
create table history.main.accounts as
with
members as (
    select account_no, account_id, lead_no, company, last_activity_at, last_touch_at
    from history.main.leads
    where account_no is not null
),

people as (
    select
        account_no,
        first(account_id) as account_id,
        count(*)::integer as contacts,
        count(*) filter (where last_activity_at > $data_through - interval 90 day)::integer as engaged,
        max(last_activity_at) as last_activity_at,
        max(last_touch_at) as last_touch_at
    from members
    group by account_no
),

passed as (
    select
        members.account_no,
        count(*)::integer as passes,
        count(*) filter (where episodes.exit_stage is null and episodes.won_at is null)::integer as open_passes,
        bool_or(
            episodes.exit_stage is null
            and episodes.won_at is null
            and (
                greatest(episodes.opened_at, coalesce(members.last_touch_at, episodes.opened_at)) >= $data_through - interval 60 day
                or not touches_known.is_known
            )
        ) as is_alive,
        bool_or(episodes.won_at is not null) as is_customer,
        bool_or(episodes.exit_stage is not null and episodes.next_opened_at is not null) as is_revived,
        max(
            case
                when episodes.won_at is not null then 5
                when episodes.opportunity_at is not null then 4
                when episodes.sql_at is not null then 3
                when episodes.sal_at is not null then 2
                else 1
            end
        )::tinyint as reached_rank
    from members
    inner join history.main.episodes as episodes on episodes.lead_no = members.lead_no
    inner join touches_known on touches_known.episode_no = episodes.episode_no
    group by members.account_no
),

companies as (
    select named.account_no, first(named.company order by named.n desc, named.company) as company
    from (
        select account_no, company, count(*) as n
        from members
        where company is not null
        group by account_no, company
    ) as named
    group by named.account_no
)

select
    people.account_no,
    people.account_id,
    companies.company,
    people.contacts,
    people.engaged,
    people.last_activity_at,
    people.last_touch_at,
    coalesce(passed.passes, 0) as passes,
    coalesce(passed.open_passes, 0) as open_passes,
    coalesce(passed.reached_rank, 0)::tinyint as reached_rank,
    coalesce(passed.open_passes > 0, false) as is_open,
    coalesce(passed.is_alive, false) as is_alive,
    coalesce(not passed.is_alive and not passed.is_customer, false) as is_dead,
    coalesce(passed.is_revived, false) as is_revived,
    coalesce(passed.is_customer, false) as is_customer
from people
left join passed on passed.account_no = people.account_no
left join companies on companies.account_no = people.account_no
order by people.account_no;
