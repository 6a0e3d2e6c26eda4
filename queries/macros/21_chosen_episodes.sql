-- The episodes that the filters choose, as chosen_steps has their steps, with how far each came (a stage reached implies those before it).
create macro chosen_episodes(p_since, p_until, p_wanted, p_fields, p_unless_fields, p_unless_values, p_passes) as table
select
    episodes.*,
    case
        when episodes.won_at is not null then 5
        when episodes.opportunity_at is not null then 4
        when episodes.sql_at is not null then 3
        when episodes.sal_at is not null then 2
        else 1
    end as reached_rank
from episodes
where
    (p_since is null or episodes.opened_at >= p_since)
    and (p_until is null or episodes.opened_at < p_until)
    and (p_passes = 'all' or episodes.pass_no = 1)
    and (p_fields = 0 or episodes.episode_no in (select segment.episode_no from in_segments(p_wanted, p_fields) as segment))
    and (
        p_unless_fields is null
        or episodes.episode_no not in (select outside.episode_no from outside_segments(p_unless_fields, p_unless_values) as outside)
    );
