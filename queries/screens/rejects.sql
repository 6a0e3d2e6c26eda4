select
    table_name as "table",
    file,
    line,
    column_name as "column",
    reason
from rejects
order by file, line, column_name, reason;
