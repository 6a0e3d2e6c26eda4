-- What was known of each attribute when the episode opened: the latest change known by then, before the first change its old value.
-- An attribute that never changed has the value of the lead.
create table history.main.episode_values as
with
changes as (
    select told.lead_no, fields.field_no, told.known_at, told.occurred_at, told.row_no, told.value, told.old_value
    from attribute_changes as told
    inner join history.main.fields as fields on fields.attribute = told.field
    where not fields.is_identifier
),

known as (
    select lead_no, field_no, known_at, last(value order by occurred_at, row_no) as label
    from changes
    group by lead_no, field_no, known_at
),

before_changes as (
    select lead_no, field_no, first(old_value order by known_at, occurred_at, row_no) as label
    from changes
    group by lead_no, field_no
),

changed as (
    select episodes.episode_no, episodes.opened_at, before_changes.lead_no, before_changes.field_no, before_changes.label
    from before_changes
    inner join history.main.episodes as episodes on episodes.lead_no = before_changes.lead_no
),

changed_cells as (
    select changed.episode_no, changed.field_no, coalesce(known.label, changed.label) as label
    from changed
    asof left join known
        on changed.lead_no = known.lead_no and changed.field_no = known.field_no and changed.opened_at >= known.known_at
),

changed_values as (
    select changed_cells.field_no, changed_cells.episode_no, labels.value_no
    from changed_cells
    inner join value_labels as labels on labels.field_no = changed_cells.field_no and labels.label = changed_cells.label
),

unchanged_values as (
    select cells.field_no, cells.episode_no, cells.value_no
    from lead_cells as cells
    where not exists (select 1 from before_changes where before_changes.lead_no = cells.lead_no and before_changes.field_no = cells.field_no)
),

hand_over_values as (
    select fields.field_no, episodes.episode_no, labels.value_no
    from history.main.episodes as episodes
    cross join history.main.fields as fields
    inner join value_labels as labels
        on labels.field_no = fields.field_no and labels.label = case fields.built_in when 'rep' then episodes.rep_id else episodes.team end
    where fields.built_in is not null
)

select field_no::smallint as field_no, episode_no, value_no
from (
    select * from changed_values
    union all
    select * from unchanged_values
    union all
    select * from hand_over_values
) as told
order by field_no, episode_no;
