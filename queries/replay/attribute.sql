-- One attribute of every lead of the history, as it is today.
select lead_no, attribute_column as cell
from history.canonical.leads;
