-- Surviving leads created in the period, with source and campaign as known at creation; filters on other attributes ask for their values then.
-- rep and team are those of the first hand-over. p_columns: a pattern of the columns of canonical.leads that hold the attributes asked for.
create macro created_leads(
    p_since, p_until, p_wanted, p_fields, p_unless_fields, p_unless_values, p_columns, p_labels, p_keys
) as table
with
asked as (
    select fields.field_no, fields.attribute, fields.built_in, fields.column_name
    from fields
    where
        list_contains(p_unless_fields, fields.field_no)
        or fields.field_no in (select field_values.field_no from field_values where list_contains(flatten(p_wanted), field_values.value_no))
),

followed as (
    select fields.attribute
    from fields
    where fields.is_tracked and fields.field_no in (select asked.field_no from asked)
),

changes as (
    select
        changed.lead_no,
        followed.attribute,
        greatest(changed.occurred_at, coalesce(changed.recorded_at, changed.occurred_at), leads.created_at) as known_at,
        leads.created_at,
        changed.occurred_at,
        changed.row_no,
        coalesce(changed.value, '') as value,
        coalesce(changed.old_value, '') as old_value
    from lead_changes as changed
    inner join followed on followed.attribute = changed.field
    inner join leads on leads.lead_no = changed.lead_no
),

at_creation as (
    select
        changes.lead_no,
        changes.attribute,
        nullif(
            coalesce(
                last(changes.value order by changes.occurred_at, changes.row_no) filter (where changes.known_at <= changes.created_at),
                first(changes.old_value order by changes.known_at, changes.occurred_at, changes.row_no)
            ),
            ''
        ) as label
    from changes
    group by changes.lead_no, changes.attribute
),

written as (
    select cells.lead_no, asked.field_no, cells.label
    from (
        unpivot (select lead_no, columns(p_columns)::varchar from history.canonical.leads)
        on columns(* exclude (lead_no)) into name column_name value label
    ) as cells
    inner join asked on asked.column_name = cells.column_name
    left join at_creation on at_creation.lead_no = cells.lead_no and at_creation.attribute = asked.attribute
    where at_creation.lead_no is null and (p_wanted is not null or p_unless_fields is not null)
    union all
    select at_creation.lead_no, asked.field_no, at_creation.label
    from at_creation
    inner join asked on asked.attribute = at_creation.attribute
),

texts as (
    select distinct_texts.label, compared(distinct_texts.label, p_labels, p_keys) as key
    from (select distinct written.label from written where written.label is not null) as distinct_texts
),

told as (
    select written.lead_no, written.field_no, field_values.value_no
    from written
    inner join texts on texts.label = written.label
    left join field_values on field_values.field_no = written.field_no and field_values.key = texts.key
    union all
    select episodes.lead_no, asked.field_no, owned.value_no
    from episodes
    inner join episode_values as owned on owned.episode_no = episodes.episode_no
    inner join asked on asked.field_no = owned.field_no and asked.built_in is not null
    where episodes.pass_no = 1
)

select
    leads.lead_no,
    leads.created_at,
    leads.created_source as source,
    leads.created_campaign as campaign
from leads
where
    (p_since is null or leads.created_at >= p_since)
    and (p_until is null or leads.created_at < p_until)
    and (
        p_wanted is null
        or leads.lead_no in (
            select told.lead_no from told where list_contains(flatten(p_wanted), told.value_no) group by told.lead_no having count(*) = p_fields
        )
    )
    and (
        p_unless_fields is null
        or leads.lead_no not in (
            select told.lead_no
            from told
            where list_contains(p_unless_fields, told.field_no) and not coalesce(list_contains(p_unless_values, told.value_no), false)
        )
    );
