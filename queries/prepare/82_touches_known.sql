-- Of each pass, whether touches would be on record if there were any: the history has some, of its team and month, and of leads that came so far.
create temp view touches_known as
select
    episodes.episode_no,
    coalesce(blind.touches_from, 1) < 9
    and exists (select 1 from history.main.recorded as told where told.thing = 'attempts' and told.rows > 0) as is_known
from history.main.episodes as episodes
left join history.main.unjudged_passes as blind on blind.episode_no = episodes.episode_no;
