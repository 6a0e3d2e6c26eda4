-- Attempts until contact: how often leads were tried before anybody had reached them, and how that ended.
-- grain: one row per number of attempts and ending
-- unit: passes of leads that were tried
-- params: filters, $quiet_days number = 14 (days without an attempt until the end of the data after which a lead counts as given up), $only_recorded flag = false (where touches are recorded of only some teams, months or leads, only these)
-- needs: touches
select
    chosen.tried,
    coalesce(chosen.contact_attempt, 0) as contact_attempt,
    chosen.first_contact_at is null
    and (
        chosen.released_at is not null
        or chosen.last_attempt_at < about.data_through - to_microseconds(round($quiet_days * 86400000000)::bigint)
    ) as is_given_up,
    count(*) as n
from judged_follow_ups($since, $until, $wanted, $fields, $unless_fields, $unless_values, $episodes, $only_recorded) as chosen
cross join about
where chosen.tried > 0
group by
    chosen.tried,
    coalesce(chosen.contact_attempt, 0),
    chosen.first_contact_at is null
    and (
        chosen.released_at is not null
        or chosen.last_attempt_at < about.data_through - to_microseconds(round($quiet_days * 86400000000)::bigint)
    )
order by chosen.tried, contact_attempt, is_given_up;
