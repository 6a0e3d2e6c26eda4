-- Instants of a thing, of one in so many leads.
select epoch_us(happened_at) as us
from record_rows
where thing = $thing and subject_no is not null and happened_at is not null and subject_no % $one_in = 0;
