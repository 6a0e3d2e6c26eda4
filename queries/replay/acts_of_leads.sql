-- Acts of some leads, with when each became known: recorded, or of a lead merged later.
select
    acts.subject_no as lead_no,
    acts.activity::varchar as activity,
    epoch_us(acts.occurred_at) as occurred_us,
    epoch_us(greatest(acts.occurred_at, acts.recorded_at, own.visible_from)) as known_us
from history.canonical.activities as acts
left join history.canonical.lead_ids as own on own.lead_no = acts.lead_no and acts.lead_no <> acts.subject_no
where acts.subject_no in (select unnest($leads)) and list_contains($activities, acts.activity::varchar);
