-- Events of the leads that count: after merges, up to data_through; orphans left out.
create view stage_changes as select subject_no as lead_no, * exclude (lead_no, subject_no) from history.canonical.stage_changes where subject_no is not null;
create view assignments as select subject_no as lead_no, * exclude (lead_no, subject_no) from history.canonical.assignments where subject_no is not null;
create view touches as select subject_no as lead_no, * exclude (lead_no, subject_no) from history.canonical.touches where subject_no is not null;
create view activities as select subject_no as lead_no, * exclude (lead_no, subject_no) from history.canonical.activities where subject_no is not null;
-- A survivor keeps its own attributes; changes of the leads merged into it are dropped.
create view lead_changes as select * exclude (subject_no) from history.canonical.lead_changes where subject_no = lead_no;
create view deals as select subject_no as lead_no, * exclude (lead_no, subject_no) from history.canonical.deals where subject_no is not null;
create view reps as from history.canonical.reps;
create view lead_merges as
select into_lead.subject_no as lead_no, gone.lead_id as other_id, links.merged_at
from history.canonical."merges" as links
inner join history.canonical.lead_ids as gone on gone.lead_no = links.lead_no
inner join history.canonical.lead_ids as into_lead on into_lead.lead_no = links.into_lead_no
where gone.subject_no = into_lead.subject_no and gone.lead_no <> gone.subject_no;
