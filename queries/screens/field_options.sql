select
    fields.name,
    field_values.label,
    field_values.n
from fields
inner join field_values on field_values.field_no = fields.field_no
where fields.n_values between 1 and 400 and not fields.is_identifier
order by fields.field_no, field_values.n desc, field_values.label;
