-- Attributes that a change filled in: of leads whose value was empty before it and that were won or left, how many were filled in by then, and after.
-- A lead that came and ended at one instant tells nothing of the order.
select
    told.field as name,
    count(*) as n,
    count(*) filter (where told.filled_at >= told.ended_at) as late
from (
    select
        changes.field,
        changes.lead_no,
        min(changes.known_at) as filled_at,
        min_by(changes.old_value, (changes.known_at, changes.occurred_at, changes.row_no)) as before,
        any_value(ends.ended_at) as ended_at
    from attribute_changes as changes
    inner join (
        select lead_no, max(closed_at) as ended_at
        from history.main.episodes
        group by lead_no
        having bool_and(closed_at is not null) and max(closed_at) > min(opened_at)
    ) as ends on ends.lead_no = changes.lead_no
    group by changes.field, changes.lead_no
) as told
where told.before = ''
group by told.field
order by told.field;
