-- The cells of one field as they are today; attribute_column stands for the field's column of the history (a0, a1, ...).
select lead_no, $field_number::integer as field_no, attribute_column::varchar as cell
from history.canonical.leads
