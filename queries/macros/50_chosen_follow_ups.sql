-- What was tried in the episodes that the filters choose.
create macro chosen_follow_ups(p_since, p_until, p_wanted, p_fields, p_unless_fields, p_unless_values, p_passes) as table
select follow_ups.*
from follow_ups
where
    (p_since is null or follow_ups.opened_at >= p_since)
    and (p_until is null or follow_ups.opened_at < p_until)
    and (p_passes = 'all' or follow_ups.pass_no = 1)
    and (p_fields = 0 or follow_ups.episode_no in (select segment.episode_no from in_segments(p_wanted, p_fields) as segment))
    and (
        p_unless_fields is null
        or follow_ups.episode_no not in (select outside.episode_no from outside_segments(p_unless_fields, p_unless_values) as outside)
    );
