-- How the leads of each value ended, by what was known when their first pass opened.
select told.field_no, told.value_no, values_.label, lead_outcomes.bits, count(*) as n
from lead_outcomes
inner join history.main.episode_values as told on told.episode_no = lead_outcomes.episode_no
inner join history.main.field_values as values_ on values_.value_no = told.value_no
group by all
order by all;
