-- The steps of the episodes that the filters choose. p_by_event: the period cuts each event's own date, not the opening (activity view).
create macro chosen_steps(p_since, p_until, p_wanted, p_fields, p_unless_fields, p_unless_values, p_passes, p_by_event) as table
select steps.*
from steps
where
    (p_since is null or (case when p_by_event then steps.observed_at else steps.opened_at end) >= p_since)
    and (p_until is null or (case when p_by_event then steps.observed_at else steps.opened_at end) < p_until)
    and (p_passes = 'all' or steps.pass_no = 1)
    and (p_fields = 0 or steps.episode_no in (select segment.episode_no from in_segments(p_wanted, p_fields) as segment))
    and (
        p_unless_fields is null
        or steps.episode_no not in (select outside.episode_no from outside_segments(p_unless_fields, p_unless_values) as outside)
    );
