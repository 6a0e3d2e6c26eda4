-- Left: the leads that left the funnel, with the way out, the class of the reason given and, of those that sales sent back, what became of them.
-- grain: one row per pass that left
-- unit: pass of a lead; microseconds since 1970 UTC; fate is empty but for rejected ones
-- params: filters, $reasons mapped_reasons = all (the class of each reason)
select
    left_by.episode_no,
    leak_steps.step,
    left_by.class,
    left_by.reason,
    epoch_us(left_by.left_at) as left_us,
    returned.fate
from reasoned_passes($since, $until, $wanted, $fields, $unless_fields, $unless_values, $episodes, $reasons) as left_by
inner join leak_steps on leak_steps.stage_rank = left_by.stage_rank
left join
    returned_passes($since, $until, $wanted, $fields, $unless_fields, $unless_values, $episodes) as returned
    on returned.episode_no = left_by.episode_no
order by left_by.left_at desc, left_by.episode_no;
