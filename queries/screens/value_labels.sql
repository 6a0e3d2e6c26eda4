-- What the numbers of values of one attribute stand for.
select values_of.value_no, values_of.label
from field_values as values_of
inner join fields on fields.field_no = values_of.field_no
where fields.name = $field
order by values_of.value_no;
