-- A definition as one statement: when each lead first qualifies, as known then, and its score at that instant. Every value is bound.
-- The names that begin with "its" stand for what replay/sql_form.py writes of a definition, each rule by its number.
with
leads as (
    select lead_no, epoch_us(created_at) as created_us
    from history.main.leads
),

fields as (
    select unnest($field::varchar[]) as field, unnest($field_no::integer[]) as field_no
),

kinds as (
    select unnest($activity::varchar[]) as activity, unnest($kind_no::integer[]) as kind_no
),

-- What a cell of a field brings: how many gates, exclusions and criteria hold with it, and points. Cells that are not named bring the usual.
usual as (
    select
        unnest($usual_field_no::integer[]) as field_no,
        unnest($usual_is_known::boolean[]) as is_known,
        unnest($usual_gates::integer[]) as gates,
        unnest($usual_bars::integer[]) as bars,
        unnest($usual_criteria::integer[]) as criteria,
        unnest($usual_points::double[]) as points
),

named as (
    select
        unnest($named_field_no::integer[]) as field_no,
        unnest($named_cell::varchar[]) as cell,
        unnest($named_gates::integer[]) as gates,
        unnest($named_bars::integer[]) as bars,
        unnest($named_criteria::integer[]) as criteria,
        unnest($named_points::double[]) as points
),

-- Recorded changes in the order of knowing, each with the cell before it: the old value where it is the field's first.
changes as (
    select
        leads.lead_no,
        coalesce(fields.field_no, 0) as field_no,
        greatest(epoch_us(told.occurred_at), epoch_us(told.recorded_at), leads.created_us) as known_us,
        told.value::varchar as cell,
        row_number() over known_order = 1 as is_first,
        case when row_number() over known_order = 1 then told.old_value::varchar else lag(told.value::varchar) over known_order end as cell_before
    from history.canonical.lead_changes as told
    inner join leads on leads.lead_no = told.lead_no
    left join fields on fields.field = told.field::varchar
    where told.subject_no = told.lead_no and (fields.field_no is not null or $is_every_instant)
    window
        known_order as (
            partition by told.lead_no, told.field
            order by greatest(epoch_us(told.occurred_at), epoch_us(told.recorded_at), leads.created_us), told.occurred_at, told.row_no
        )
),

-- A cell comes (1) at the creation or by a change, which takes the one before it away (-1).
steps as (
    select leads.lead_no, leads.created_us as known_us, today.field_no, today.cell, 1 as sign
    from its_cells as today
    inner join leads on leads.lead_no = today.lead_no
    where not exists (select 1 from changes where changes.lead_no = today.lead_no and changes.field_no = today.field_no)
    union all
    select leads.lead_no, leads.created_us as known_us, changes.field_no, changes.cell_before as cell, 1 as sign
    from changes
    inner join leads on leads.lead_no = changes.lead_no
    where changes.is_first
    union all
    select lead_no, known_us, field_no, cell_before as cell, -1 as sign
    from changes
    union all
    select lead_no, known_us, field_no, cell, 1 as sign
    from changes
),

events as (
    select
        lead_no, created_us, created_us as known_us, null as occurred_us, null as kind_no, 0 as gates, 0 as bars, 0 as criteria, 0.0 as points
    from leads
    union all
    select
        steps.lead_no,
        min(leads.created_us) as created_us,
        steps.known_us,
        null as occurred_us,
        null as kind_no,
        sum(steps.sign * coalesce(named.gates, usual.gates, 0)) as gates,
        sum(steps.sign * coalesce(named.bars, usual.bars, 0)) as bars,
        sum(steps.sign * coalesce(named.criteria, usual.criteria, 0)) as criteria,
        sum(steps.sign * coalesce(named.points, usual.points, 0.0)) as points
    from steps
    inner join leads on leads.lead_no = steps.lead_no
    left join usual on usual.field_no = steps.field_no and usual.is_known = (steps.cell is not null)
    left join named on named.field_no = steps.field_no and named.cell = steps.cell
    group by steps.lead_no, steps.known_us
    union all
    select
        leads.lead_no,
        leads.created_us,
        greatest(epoch_us(acts.occurred_at), epoch_us(acts.recorded_at), epoch_us(own.visible_from), leads.created_us) as known_us,
        epoch_us(acts.occurred_at) as occurred_us,
        kinds.kind_no,
        0 as gates,
        0 as bars,
        0 as criteria,
        0.0 as points
    from history.canonical.activities as acts
    inner join leads on leads.lead_no = acts.subject_no
    left join history.canonical.lead_ids as own on own.lead_no = acts.lead_no and acts.lead_no <> acts.subject_no
    left join kinds on kinds.activity = acts.activity::varchar
    where kinds.kind_no is not null or $is_every_instant
),

-- How every lead stands at every instant; what becomes known at one instant counts together.
states as (
    select
        lead_no,
        known_us,
        created_us,
        sum(gates) over known_then as gates,
        sum(bars) over known_then as bars,
        sum(criteria) over known_then as criteria,
        sum(points) over known_then as points,
        its_measures
    from events
    where known_us <= $until
    window known_then as (partition by lead_no order by known_us range between unbounded preceding and current row)
),

scored as (
    select
        lead_no,
        known_us,
        points + its_score as score
    from states
    where gates >= $gates and bars = 0 and criteria + its_criteria >= $at_least and its_gates
),

firsts as (
    select lead_no, known_us as qualified_us, score
    from scored
    where score >= $threshold
    qualify row_number() over (partition by lead_no order by known_us) = 1
)

select leads.lead_no, firsts.qualified_us, case when $has_score then firsts.score end as score
from leads
left join firsts on firsts.lead_no = leads.lead_no
order by leads.lead_no
