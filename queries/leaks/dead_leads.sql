-- Dead leads, one by one: of what kind, since when, and the furthest that became of each: won, back, interested, engaged, nurtured, nothing.
-- grain: one row per dead pass
-- unit: pass of a lead; microseconds since 1970 UTC
-- params: filters, $strong_acts acts = strong (acts that say the lead may want to buy)
-- needs: touches (is_re_nurtured), activities (is_re_engaged)
select
    episode_no,
    kind,
    case
        when is_won then 'won'
        when is_revived then 'back_not_won'
        when is_interested then 'interested_only'
        when is_re_engaged then 'engaged_only'
        when is_re_nurtured then 'nurtured_only'
        else 'nothing'
    end as became,
    is_re_engaged,
    is_interested,
    is_re_nurtured,
    epoch_us(died_at) as died_us
from dead_passes($since, $until, $wanted, $fields, $unless_fields, $unless_values, $episodes, $strong_acts)
order by died_at desc, episode_no;
