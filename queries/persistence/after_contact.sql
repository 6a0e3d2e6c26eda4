-- From contact to SQL: of the leads reached long enough ago, the share that became an SQL in time.
-- grain: one row
-- unit: passes of leads; rate is a share
-- params: filters, $sql_days number = 59 (days from contact to SQL), $only_recorded flag = false (where touches are recorded of only some teams, months or leads, only these)
-- needs: touches (reached, qualified, rate)
with
reached as (
    select
        coalesce(epoch_us(chosen.sql_entry_at) - epoch_us(chosen.first_contact_at) <= round($sql_days * 86400000000), false) as is_qualified
    from judged_follow_ups($since, $until, $wanted, $fields, $unless_fields, $unless_values, $episodes, $only_recorded) as chosen
    cross join about
    where epoch_us(about.data_through) - epoch_us(chosen.first_contact_at) >= round($sql_days * 86400000000)
)

select
    count(*) as reached,
    count(*) filter (where is_qualified) as qualified,
    count(*) filter (where is_qualified) / nullif(count(*), 0) as rate
from reached;
