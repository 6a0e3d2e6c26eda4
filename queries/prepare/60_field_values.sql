-- The values of each attribute: grouped by their case-folded form, shown in their most frequent display form.
create table history.main.field_values as
with
counted as (
    select keyed.field_no, keyed.label, keyed.key, sum(keyed.n) as n
    from keyed_cells as keyed
    group by keyed.field_no, keyed.label, keyed.key
),

shown as (
    select field_no, key, first(label order by n desc, label) as label, sum(n)::bigint as n
    from counted
    group by field_no, key
)

select (row_number() over (order by field_no, key) - 1)::integer as value_no, field_no, key, label, n
from shown
order by value_no;
