-- Recorded changes of attributes of the leads that count; a lead merged into another brings none.
select
    lead_no,
    field,
    value,
    old_value,
    epoch_us(occurred_at) as occurred_us,
    epoch_us(greatest(occurred_at, recorded_at)) as known_us,
    row_no
from history.canonical.lead_changes
where subject_no = lead_no;
