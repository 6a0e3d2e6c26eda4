-- The fields of some leads as they are today, with when each lead was created; its_cells stands for columns of the history (a0, a1, ...).
select leads.lead_no, epoch_us(leads.created_at) as created_us, its_cells
from history.main.leads as leads
inner join history.canonical.leads as cells on cells.lead_no = leads.lead_no
where leads.lead_no in (select unnest($leads));
