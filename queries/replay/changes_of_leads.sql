-- Recorded changes of some fields of some leads, in order of their place.
select
    lead_no,
    field::varchar as field,
    value::varchar as value,
    old_value::varchar as old_value,
    epoch_us(occurred_at) as occurred_us,
    epoch_us(greatest(occurred_at, recorded_at)) as known_us,
    row_no
from history.canonical.lead_changes
where subject_no = lead_no and subject_no in (select unnest($leads)) and list_contains($fields, field::varchar);
