-- The value of today of each attribute of a lead that ever changed: of its latest change known by the end of the data; none known: its value before the
-- first change. An empty text: no value. An attribute that never changed has the value of `leads`.
create temp table values_today as
select
    lead_no,
    field,
    coalesce(
        last(value order by known_at, occurred_at, row_no) filter (where known_at <= $data_through),
        first(old_value order by known_at, occurred_at, row_no)
    ) as label
from attribute_changes
group by lead_no, field;
