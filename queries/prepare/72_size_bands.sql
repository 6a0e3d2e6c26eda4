-- Values of the attribute employees with their band; place: the order of the bands.
create temp table size_bands as
select told.value_no as of_value_no, told.n, banded.label, banded.place
from history.main.field_values as told
inner join (
    values ('1-10', 0), ('11-50', 1), ('51-200', 2), ('201-500', 3), ('501-1000', 4), ('1001-5000', 5), ('over 5000', 6)
) as banded (label, place) on banded.label = size_band(told.label)
where told.field_no = $employees;
