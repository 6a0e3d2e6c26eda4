-- Reasons over time: when leads left the funnel, by class of the reason given, and by the values of one attribute where asked.
-- grain: one row per period of leaving (first day, in the organisation's zone), value, way out (class) and class of reason that occurs
-- unit: passes of leads
-- params: filters, $grain choice(week|month) = month (length of a period), $by field (attribute, or rep, or team, as known when the pass opened; nothing for all), $class choice(rejected|recycled|disqualified|lost) (way out; nothing for all), $reasons mapped_reasons = all (the class of each reason)
-- then: leaks.over_time (days of the organisation's zone)
with
told as (
    select episode_no, value_no from episode_values where field_no = $by
)

select
    $grain as length_of_period,
    epoch_us(left_by.left_at) as left_us,
    labels.label as value,
    left_by.class,
    left_by.reason
from reasoned_passes($since, $until, $wanted, $fields, $unless_fields, $unless_values, $episodes, $reasons) as left_by
left join told on told.episode_no = left_by.episode_no
left join (select value_no, label from field_values where field_no = $by) as labels on labels.value_no = told.value_no
where $class is null or left_by.class = $class;
