-- What became of the promise: how many leads got all calls and emails, were reached or gone before, were sent off unseen, got too few, or not one attempt.
-- grain: one row per part; they add up to all leads
-- unit: passes of leads
-- params: filters, $calls integer = 3 (calls promised), $emails integer = 3 (emails promised), $days number = 14 (days from hand-over), $only_recorded flag = false (where touches are recorded of only some teams, months or leads, only these)
-- needs: touches
with
counted as (
    select promised.part, count(*) as leads
    from promised_passes($since, $until, $wanted, $fields, $unless_fields, $unless_values, $episodes, $calls, $emails, $days, $only_recorded) as promised
    group by promised.part
)

select listed.part, coalesce(counted.leads, 0) as leads
from (values ('made', 1), ('released', 2), ('gone_unseen', 3), ('some', 4), ('none', 5), ('too_early', 6)) as listed (part, place)
left join counted on counted.part = listed.part
order by listed.place;
