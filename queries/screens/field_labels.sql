-- The values of one attribute in words.
select value_no, label
from field_values
where field_no = $field_no
order by value_no;
