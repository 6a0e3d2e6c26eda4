select min(opened_at) as opened_at
from episodes;
