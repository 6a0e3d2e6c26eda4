-- How many passes the history holds; they are numbered from 0 on.
select count(*) as n
from episodes;
