-- All leads: also those that were never handed over, by the day on which they were created; filters on attributes ask for the value of today.
-- grain: one row per lead
-- unit: lead
-- params: filters, $stands_at choice(inquiry|mql|sal|sql|opportunity|won|rejected|recycled|disqualified|lost) (nothing for all), $search search (part of id, company, address or title), $most integer = 100 (rows at most), $skipped integer = 0 (rows to pass over)
-- needs: touches (touches, last_touch_at), activities (activities, last_activity_at)
with
asked as (
    select field_no, attribute, built_in, column_name
    from fields
    where
        list_contains($unless_fields, field_no)
        or field_no in (select field_values.field_no from field_values where list_contains(flatten($wanted), field_values.value_no))
),

written as (
    select cells.lead_no, asked.field_no, cells.label, false as is_id
    from (
        unpivot (select lead_no, columns($all_columns)::varchar from history.canonical.leads)
        on columns(* exclude (lead_no)) into name column_name value label
    ) as cells
    inner join asked on asked.column_name = cells.column_name
    where $wanted is not null or $unless_fields is not null
    union all
    select
        leads.lead_no,
        asked.field_no,
        case asked.built_in when 'rep' then leads.rep_id when 'team' then leads.team else leads.size_band end as label,
        asked.built_in = 'rep'
    from leads
    inner join asked on asked.built_in is not null
),

told as (
    select written.lead_no, written.field_no, field_values.value_no
    from written
    left join field_values
        on
            field_values.field_no = written.field_no
            and field_values.key = case when written.is_id then written.label else compared(nfc_normalize(written.label), $labels, $keys) end
    where
        written.label is not null
        and not exists (
            select 1
            from today_values
            where today_values.lead_no = written.lead_no and today_values.field_no = written.field_no
        )
    union all
    select today_values.lead_no, today_values.field_no, today_values.value_no
    from today_values
    inner join asked on asked.field_no = today_values.field_no
    where today_values.value_no is not null
)

select
    lead_id,
    company,
    source,
    created_at,
    stands_at,
    passes,
    first_opened_at,
    rep_id,
    team,
    touches,
    last_touch_at,
    activities,
    last_activity_at,
    count(*) over () as total
from leads
where
    ($since is null or created_at >= $since)
    and ($until is null or created_at < $until)
    and ($stands_at is null or stands_at = $stands_at)
    and ($search is null or contains(search_text, $search))
    and (
        $wanted is null
        or lead_no in (select told.lead_no from told where list_contains(flatten($wanted), told.value_no) group by told.lead_no having count(*) = $fields)
    )
    and (
        $unless_fields is null
        or lead_no not in (
            select told.lead_no
            from told
            where list_contains($unless_fields, told.field_no) and not coalesce(list_contains($unless_values, told.value_no), false)
        )
    )
order by created_at desc, lead_no desc
limit
    $most
    offset $skipped;
