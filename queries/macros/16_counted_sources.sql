-- The source of each pass as known when it opened, which is what filters and breakdowns count, in its most frequent spelling. Where sources are so many
-- that they group nothing, the one of today.
create macro counted_sources() as table
select told.episode_no, field_values.label as source
from episode_values as told
inner join field_values on field_values.value_no = told.value_no
where told.field_no = (select fields.field_no from fields where fields.attribute = 'source')
union all
select episodes.episode_no, leads.source
from episodes
inner join leads on leads.lead_no = episodes.lead_no
where (select bool_or(fields.is_identifier) from fields where fields.attribute = 'source');
