-- Which episodes the filters choose: opened in [since, until), first or all passes, with the wanted attribute values at opening.
-- wanted: value numbers, of as many attributes as `fields`; unless: attributes that may also be missing, with the values they may have.
create macro chosen_episodes(p_since, p_until, p_wanted, p_fields, p_unless_fields, p_unless_values, p_passes) as table
select episodes.*
from episodes
where
    (p_since is null or episodes.opened_at >= p_since)
    and (p_until is null or episodes.opened_at < p_until)
    and (p_passes = 'all' or episodes.pass_no = 1)
    and (
        p_wanted is null
        or episodes.episode_no in (
            select episode_values.episode_no
            from episode_values
            where list_contains(p_wanted, episode_values.value_no)
            group by episode_values.episode_no
            having count(*) = p_fields
        )
    )
    and (
        p_unless_fields is null
        or episodes.episode_no not in (
            select episode_values.episode_no
            from episode_values
            where list_contains(p_unless_fields, episode_values.field_no) and not list_contains(p_unless_values, episode_values.value_no)
        )
    );
