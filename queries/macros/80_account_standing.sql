-- The leads that are chosen, each once, with their account: of passes that the filters choose, or created in the period.
create macro account_leads(
    p_since, p_until, p_wanted, p_fields, p_unless_fields, p_unless_values, p_passes, p_columns, p_labels, p_keys, p_scope
) as table
with
chosen as (
    select found.lead_no
    from chosen_follow_ups(p_since, p_until, p_wanted, p_fields, p_unless_fields, p_unless_values, p_passes) as found
    where p_scope = 'handed_over'
    union
    select found.lead_no
    from created_leads(p_since, p_until, p_wanted, p_fields, p_unless_fields, p_unless_values, p_columns, p_labels, p_keys) as found
    where p_scope = 'everyone'
)

select leads.lead_no, leads.account_no
from chosen
inner join leads on leads.lead_no = chosen.lead_no;
-- All accounts as the data end. worth nurturing: no open pass, and somebody was active in the last p_active_days.
create macro account_standing(p_active_days) as table
select
    accounts.*,
    not accounts.is_open
    and coalesce(accounts.last_activity_at > about.data_through - to_microseconds(round(p_active_days * 86400000000)::bigint), false) as is_worth
from accounts
cross join about;
