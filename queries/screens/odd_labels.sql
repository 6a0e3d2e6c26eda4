-- Texts beyond ASCII of sources and campaigns, of leads and of spend, and of the columns of leads asked for.
with
told as (
    select distinct source as label
    from leads
    union all
    select distinct campaign as label
    from leads
    union all
    select distinct source as label
    from history.canonical.spend
    union all
    select distinct campaign as label
    from history.canonical.spend
    union all
    select distinct value as label
    from lead_changes
    union all
    select distinct old_value as label
    from lead_changes
    union all
    select distinct cells.label
    from (unpivot (select columns($columns)::varchar from history.canonical.leads) on columns(*) into name column_name value label) as cells
    where $any_columns
)

select distinct label
from told
where strlen(label) <> length(label)
order by label;
