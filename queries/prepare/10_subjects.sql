-- Whose each lead id is: the lead that survives its merges, or nobody's (an orphan, or created after the extract ends).
create table history.canonical.lead_ids as
select ids.lead_no, ids.lead_id, ids.is_orphan, coalesce(merged.survivor_no, active.lead_no) as subject_no, merged.visible_from
from lead_ids as ids
left join merged on merged.lead_no = ids.lead_no
left join active_leads as active on active.lead_no = ids.lead_no
order by ids.lead_no;
