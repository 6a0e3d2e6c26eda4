-- The steps of the episodes that the filters choose. p_by_event: the period cuts each event's own date, not the opening (activity view).
-- p_wanted: one list of values per attribute. The first three are looked up one by one, which takes half the time of counting; more are counted.
create macro chosen_steps(p_since, p_until, p_wanted, p_fields, p_unless_fields, p_unless_values, p_passes, p_by_event) as table
select steps.*
from steps
where
    (p_since is null or (case when p_by_event then steps.observed_at else steps.opened_at end) >= p_since)
    and (p_until is null or (case when p_by_event then steps.observed_at else steps.opened_at end) < p_until)
    and (p_passes = 'all' or steps.pass_no = 1)
    and (
        p_fields = 0
        or steps.episode_no in (
            select firsts.episode_no
            from episode_values as firsts
            where
                list_contains(p_wanted[1], firsts.value_no)
                and (
                    p_fields < 2
                    or firsts.episode_no in (select seconds.episode_no from episode_values as seconds where list_contains(p_wanted[2], seconds.value_no))
                )
                and (
                    p_fields < 3
                    or firsts.episode_no in (select thirds.episode_no from episode_values as thirds where list_contains(p_wanted[3], thirds.value_no))
                )
                and (
                    p_fields < 4
                    or firsts.episode_no in (
                        select others.episode_no
                        from episode_values as others
                        where list_contains(flatten(p_wanted[4:]), others.value_no)
                        group by others.episode_no
                        having count(*) = p_fields - 3
                    )
                )
        )
    )
    and (
        p_unless_fields is null
        or steps.episode_no not in (
            select episode_values.episode_no
            from episode_values
            where list_contains(p_unless_fields, episode_values.field_no) and not list_contains(p_unless_values, episode_values.value_no)
        )
    );
