-- The rows that a history may hold of each thing (thing, whose they are, whom they count for, when, whether a day alone is known). main.recorded counts them.
create temp view record_rows as
with
of_touches as (select unnest(['touches', 'attempts', 'automated', 'touch_outcomes', 'answers', 'contacts', 'meetings']) as thing),

of_changes as (select unnest(['exits', 'reasons', 'actors']) as thing),

of_deals as (select unnest(['deals', 'deal_amounts']) as thing)

select 'owners' as thing, lead_no, subject_no, occurred_at as happened_at, is_day
from history.canonical.assignments
union all
select of_touches.thing, told.lead_no, told.subject_no, told.occurred_at, told.is_day
from history.canonical.touches as told
cross join of_touches
where
    case of_touches.thing
        when 'touches' then true
        when 'attempts' then coalesce(told.direction::varchar, 'outbound') = 'outbound' and not coalesce(told.is_automated, false)
        when 'automated' then told.is_automated
        when 'touch_outcomes' then told.outcome is not null
        when 'answers' then told.outcome::varchar in ('no_answer', 'voicemail', 'connected', 'replied', 'held')
        when 'contacts' then told.outcome::varchar in ('connected', 'replied', 'held')
        when 'meetings' then told.outcome::varchar in ('booked', 'held', 'no_show', 'rescheduled', 'cancelled')
    end
union all
select
    concat(case when stage::varchar in ('rejected', 'recycled', 'disqualified', 'lost') then 'exit:' else 'stage:' end, stage::varchar),
    lead_no,
    subject_no,
    occurred_at,
    is_day
from history.canonical.stage_changes
union all
select of_changes.thing, told.lead_no, told.subject_no, told.occurred_at, told.is_day
from history.canonical.stage_changes as told
cross join of_changes
where
    case of_changes.thing
        when 'exits' then told.stage::varchar in ('rejected', 'recycled', 'disqualified', 'lost')
        when 'reasons' then told.stage::varchar in ('rejected', 'recycled', 'disqualified', 'lost') and told.reason is not null
        when 'actors' then told.actor_id is not null
    end
union all
select 'activities', lead_no, subject_no, occurred_at, is_day
from history.canonical.activities
union all
select of_deals.thing, told.lead_no, told.subject_no, coalesce(told.closed_at, told.created_at), false
from history.canonical.deals as told
cross join of_deals
where of_deals.thing = 'deals' or told.amount is not null
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
