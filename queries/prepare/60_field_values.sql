-- The values of each attribute: grouped by their case-folded form, shown in their most frequent display form.
create table history.main.field_values as
with
counted as (
    select cells.field_no, cells.label, coalesce(folded.key, lower(cells.label)) as key, sum(cells.n) as n
    from counted_cells as cells
    left join folded on folded.label = cells.label
    group by cells.field_no, cells.label, coalesce(folded.key, lower(cells.label))
),

shown as (
    select field_no, key, first(label order by n desc, label) as label, sum(n)::bigint as n
    from counted
    group by field_no, key
)

select (row_number() over (order by field_no, key) - 1)::integer as value_no, field_no, key, label, n
from shown
order by value_no;
