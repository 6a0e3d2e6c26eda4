-- Of every lead of the history, whether one attribute is known today.
select lead_no, attribute_column is not null as cell
from history.canonical.leads;
