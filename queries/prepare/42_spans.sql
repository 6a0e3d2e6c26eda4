-- The episodes as touches and assignments need them: from when to when they run, and from when on promised calls and emails count.
select
    episode_no,
    lead_no,
    epoch_us(opened_at) as opened_us,
    epoch_us(coalesce(mql_at, opened_at)) as mql_us,
    epoch_us(next_opened_at) as ends_us,
    epoch_us(coalesce(handed_over_at, mql_at, opened_at)) as start_us,
    epoch_us(sal_at) as accepted_us,
    epoch_us(closed_at) as closed_us,
    epoch_us(handed_over_at) as handed_us,
    rep_id::varchar as rep_id
from history.main.episodes
order by episode_no;
