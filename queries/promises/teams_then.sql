-- The team of the rep who owned each lead at an instant of its own ($leads, $instants: of equal length): of the latest assignment by then. Empty where that
-- was to nobody, to one who is no rep, or to a rep without a team.
with
asked as (
    select unnest($leads) as lead_no, unnest($instants) as asked_us, unnest($places) as place
),

latest as (
    select asked.place, owned.rep_id
    from asked
    inner join assignments as owned on owned.lead_no = asked.lead_no and epoch_us(owned.occurred_at) <= asked.asked_us
    qualify row_number() over (partition by asked.place order by owned.occurred_at desc, owned.event_id desc nulls first, owned.row_no desc) = 1
)

select latest.place, reps.team
from latest
inner join reps on reps.rep_id = latest.rep_id::varchar
where reps.team is not null;
