select value_no
from field_values
where field_no = $field_no and list_contains($keys, key);
