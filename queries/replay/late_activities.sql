-- Acts that became known later than they happened: recorded late, or of a lead merged later. row_no: their place among the stored acts.
select
    activities.rowid as row_no,
    epoch_us(greatest(activities.occurred_at, activities.recorded_at, own.visible_from)) as known_us
from history.canonical.activities as activities
left join history.canonical.lead_ids as own on own.lead_no = activities.lead_no and activities.lead_no <> activities.subject_no
where
    activities.subject_no is not null
    and (activities.recorded_at > activities.occurred_at or own.visible_from > activities.occurred_at)
order by row_no;
