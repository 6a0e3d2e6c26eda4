-- Accounts: who of each account is engaged, how far it came, when anybody last stirred, and whether it is worth nurturing.
-- grain: one row per account of which the filters choose a lead; the figures are of all its leads
-- unit: leads, passes
-- params: filters, $scope choice(handed_over|everyone) = handed_over (accounts with a pass that the filters choose, or with a lead created in the period), $kind choice(worked|idle|worth|quiet|open|closed|dead|revived) (nothing for all), $active_days number = 60 (days in which somebody must have been active to be worth nurturing), $search search (part of id, company, address or title of a lead), $most integer = 100 (rows at most), $skipped integer = 0 (rows to pass over)
-- needs: touches (last_touch_at, is_alive, is_dead), activities (engaged, is_worth), exits (is_revived)
select
    standing.account_id,
    standing.company,
    standing.contacts,
    standing.engaged,
    coalesce(stages.stage, 'inquiry') as furthest,
    standing.passes,
    standing.open_passes,
    standing.last_activity_at,
    standing.last_touch_at,
    standing.is_alive,
    standing.is_worth,
    standing.is_dead,
    standing.is_revived,
    count(*) over () as total
from account_standing($active_days) as standing
left join stages on stages.stage_rank = standing.reached_rank
where
    standing.account_no in (
        select chosen.account_no
        from account_leads(
                $since, $until, $wanted, $fields, $unless_fields, $unless_values, $episodes, $all_columns, $labels, $keys, $scope
            ) as chosen
    )
    and ($search is null or standing.account_no in (select leads.account_no from leads where contains(leads.search_text, $search)))
    and (
        $kind is null
        or ($kind = 'worked' and standing.is_alive)
        or ($kind = 'idle' and standing.is_open and not standing.is_alive)
        or ($kind = 'worth' and standing.is_worth)
        or ($kind = 'quiet' and not standing.is_open and not standing.is_worth)
        or ($kind = 'open' and standing.is_open)
        or ($kind = 'closed' and not standing.is_open)
        or ($kind = 'dead' and standing.is_dead)
        or ($kind = 'revived' and standing.is_revived)
    )
order by standing.last_activity_at desc nulls last, standing.account_id
limit
    $most
    offset $skipped;
