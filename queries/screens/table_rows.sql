select
    replace(table_name, 'canonical.', '') as "table",
    rows
from table_counts
where starts_with(table_name, 'canonical.') and table_name <> 'canonical.lead_ids' and rows > 0
order by table_name;
