-- The values of attributes with the form by which they are compared: case-folded texts; the ids of reps as they stand.
create temp table keyed_cells as
select
    cells.field_no,
    cells.label,
    cells.n,
    case when fields.built_in = 'rep' then cells.label else coalesce(folded.key, lower(cells.label)) end as key
from counted_cells as cells
inner join history.main.fields as fields on fields.field_no = cells.field_no
left join folded on folded.label = cells.label;
