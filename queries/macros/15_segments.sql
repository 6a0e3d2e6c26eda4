-- The episodes that have one of the wanted values of every attribute. p_wanted: one list of values per attribute, p_fields: how many (at least 1).
-- The first three are looked up one by one, which takes half the time of counting; more are counted.
create macro in_segments(p_wanted, p_fields) as table
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
    );
-- The episodes that have some value of these attributes other than the listed ones: to be left out where "not known" is wanted.
create macro outside_segments(p_unless_fields, p_unless_values) as table
select episode_values.episode_no
from episode_values
where list_contains(p_unless_fields, episode_values.field_no) and not list_contains(p_unless_values, episode_values.value_no);
