-- The same as numbers of values, for the filters that ask for today; empty value_no: not known.
create table history.main.today_values as
select today.lead_no, fields.field_no::smallint as field_no, labels.value_no
from values_today as today
inner join history.main.fields as fields on fields.attribute = today.field
left join value_labels as labels on labels.field_no = fields.field_no and labels.label = today.label
where not fields.is_identifier
order by today.lead_no, fields.field_no;
