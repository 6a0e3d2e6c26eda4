-- Source and campaign as known when the lead was created, of the leads of which either ever changed: the latest change known by then, else the value
-- before the first one. The others have the value of the lead.
create temp table created_values as
with
at_creation as (
    select
        lead_no,
        field,
        coalesce(
            last(value order by occurred_at, row_no) filter (where known_at <= created_at),
            first(old_value order by known_at, occurred_at, row_no)
        ) as label
    from attribute_changes
    where field in ('source', 'campaign')
    group by lead_no, field
)

select
    lead_no,
    max(label) filter (where field = 'source') as source,
    max(label) filter (where field = 'campaign') as campaign
from at_creation
group by lead_no;
