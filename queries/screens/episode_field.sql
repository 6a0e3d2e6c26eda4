-- One attribute of every pass, as known when it opened: its value number.
select episode_no, value_no
from episode_values
where field_no = $field_no
order by episode_no;
