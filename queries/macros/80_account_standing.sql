-- How the accounts of the chosen leads stand as of the end of the data, by all leads of the account. A pass is alive while it is open and was touched,
-- or opened, in the last 60 days. dead: handed over, never won, and no pass alive. revived: a pass opened after one that had ended without a deal.
-- worth nurturing: no open pass, and somebody was active in the last p_active_days. The facts of a lead are bits of one number, which takes half the
-- time of a count for each.
create macro account_standing(
    p_since, p_until, p_wanted, p_fields, p_unless_fields, p_unless_values, p_passes, p_columns, p_labels, p_keys, p_scope, p_search, p_active_days
) as table
with
chosen as (
    select found.lead_no
    from chosen_episodes(p_since, p_until, p_wanted, p_fields, p_unless_fields, p_unless_values, p_passes) as found
    where p_scope = 'handed_over'
    union all
    select found.lead_no
    from created_leads(p_since, p_until, p_wanted, p_fields, p_unless_fields, p_unless_values, p_columns, p_labels, p_keys) as found
    where p_scope = 'everyone'
),

moments as (
    select
        about.data_through - interval 60 day as touched_from,
        about.data_through - to_microseconds(round(p_active_days * 86400000000)::bigint) as active_from
    from about
),

stood as (
    select
        leads.account_id,
        leads.last_activity_at,
        case when leads.lead_no in (select chosen.lead_no from chosen) then 1 else 0 end
        + case when p_search is null or contains(leads.search_text, p_search) then 2 else 0 end
        + case when episodes.episode_no is not null then 4 else 0 end
        + case when episodes.exit_stage is null and episodes.won_at is null and episodes.episode_no is not null then 8 else 0 end
        + case
            when
                episodes.episode_no is not null
                and episodes.exit_stage is null
                and episodes.won_at is null
                and greatest(episodes.opened_at, coalesce(leads.last_touch_at, episodes.opened_at)) >= moments.touched_from
                then 16
            else 0
        end
        + case when episodes.won_at is not null then 32 else 0 end
        + case when episodes.exit_stage is not null and episodes.next_opened_at is not null then 64 else 0 end as facts
    from leads
    cross join moments
    left join episodes on episodes.lead_no = leads.lead_no
    where leads.account_id is not null
),

counted as (
    select stood.account_id, max(stood.last_activity_at) as last_activity_at, bit_or(stood.facts) as facts
    from stood
    group by stood.account_id
)

select
    counted.account_id,
    counted.last_activity_at,
    counted.facts & 8 > 0 as is_open,
    counted.facts & 16 > 0 as is_alive,
    counted.facts & 4 > 0 and counted.facts & 16 = 0 and counted.facts & 32 = 0 as is_dead,
    counted.facts & 64 > 0 as is_revived,
    counted.facts & 32 > 0 as is_customer,
    counted.facts & 8 = 0 and coalesce(counted.last_activity_at > moments.active_from, false) as is_worth
from counted
cross join moments
where counted.facts & 1 > 0 and counted.facts & 2 > 0;
