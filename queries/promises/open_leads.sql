-- The open leads of every rep at each of $ends.
select lead_no, pass_no, opened_at, ends_at, rep_id
from open_leads($ends);
