-- The rows that a history may hold of each thing (thing, whose they are, whom they count for, when, whether a day alone is known). main.recorded counts them.
create temp view record_rows as
select 'owners' as thing, lead_no, subject_no, occurred_at as happened_at, is_day
from history.canonical.assignments
union all
select 'touches', lead_no, subject_no, occurred_at, is_day
from history.canonical.touches
union all
select 'attempts', lead_no, subject_no, occurred_at, is_day
from history.canonical.touches
where coalesce(direction::varchar, 'outbound') = 'outbound' and not coalesce(is_automated, false)
union all
select 'automated', lead_no, subject_no, occurred_at, is_day
from history.canonical.touches
where is_automated
union all
select 'touch_outcomes', lead_no, subject_no, occurred_at, is_day
from history.canonical.touches
where outcome is not null
union all
select 'answers', lead_no, subject_no, occurred_at, is_day
from history.canonical.touches
where outcome::varchar in ('no_answer', 'voicemail', 'connected', 'replied', 'held')
union all
select 'contacts', lead_no, subject_no, occurred_at, is_day
from history.canonical.touches
where outcome::varchar in ('connected', 'replied', 'held')
union all
select 'meetings', lead_no, subject_no, occurred_at, is_day
from history.canonical.touches
where outcome::varchar in ('booked', 'held', 'no_show', 'rescheduled', 'cancelled')
union all
select
    concat(case when stage::varchar in ('rejected', 'recycled', 'disqualified', 'lost') then 'exit:' else 'stage:' end, stage::varchar),
    lead_no,
    subject_no,
    occurred_at,
    is_day
from history.canonical.stage_changes
union all
select 'exits', lead_no, subject_no, occurred_at, is_day
from history.canonical.stage_changes
where stage::varchar in ('rejected', 'recycled', 'disqualified', 'lost')
union all
select 'reasons', lead_no, subject_no, occurred_at, is_day
from history.canonical.stage_changes
where stage::varchar in ('rejected', 'recycled', 'disqualified', 'lost') and reason is not null
union all
select 'actors', lead_no, subject_no, occurred_at, is_day
from history.canonical.stage_changes
where actor_id is not null
union all
select 'activities', lead_no, subject_no, occurred_at, is_day
from history.canonical.activities
union all
select 'deals', lead_no, subject_no, coalesce(closed_at, created_at), false
from history.canonical.deals
union all
select 'deal_amounts', lead_no, subject_no, coalesce(closed_at, created_at), false
from history.canonical.deals
where amount is not null
union all
select 'changes', lead_no, subject_no, occurred_at, is_day
from history.canonical.lead_changes
union all
select concat('changes:', field), lead_no, subject_no, occurred_at, is_day
from history.canonical.lead_changes
union all
select 'reps', null, 0, null::timestamp, false
from history.canonical.reps
union all
select 'spend', null, 0, try_cast(concat(date::varchar, case when length(date::varchar) = 7 then '-01' else '' end) as timestamp), true
from history.canonical.spend;
