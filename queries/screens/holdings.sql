select
    max(case when table_counts.table_name = 'main.leads' then table_counts.rows end) as leads,
    max(case when table_counts.table_name = 'canonical.leads' then table_counts.rows end) as rows_of_leads
from table_counts;
