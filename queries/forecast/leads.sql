-- Open leads: where each stands and for how long, for the lists behind the forecast.
-- grain: one row per open pass
-- unit: pass of a lead; days at its stage
-- params: filters, $by field (attribute by whose values leads are told apart)
select
    chosen.episode_no,
    chosen.stage,
    (select field_values.label from field_values where field_values.value_no = told.value_no) as value,
    (epoch_us(about.data_through) - epoch_us(chosen.entered_at)) / 86400000000 as days
from chosen_steps($since, $until, $wanted, $fields, $unless_fields, $unless_values, $episodes, false) as chosen
cross join about
left join episode_values as told on told.episode_no = chosen.episode_no and told.field_no = $by
where chosen.became = 'open'
order by days, chosen.episode_no;
