-- Surviving leads with the earliest created_at of all that were merged into them.
create table resolved_leads as
select
    ids.subject_no as lead_no,
    min(active.created_at) as created_at,
    arg_min(active.is_day, (active.created_at, active.is_day)) as created_is_day,
    count(*) - 1 as merged_leads
from active_leads as active
inner join history.canonical.lead_ids as ids on ids.lead_no = active.lead_no
group by ids.subject_no
order by lead_no;
