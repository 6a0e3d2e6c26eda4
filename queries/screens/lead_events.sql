with
own as (
    select lead_no from leads where lead_id = $lead_id
),

events as (
    select occurred_at as happened_at, 'stage' as lane, stage::varchar as name, concat_ws(' · ', reason, actor_id) as detail, recorded_at, row_no, is_day
    from stage_changes
    where lead_no = (select lead_no from own)
    union all
    select
        occurred_at, 'touch', channel::varchar,
        concat_ws(' · ', direction::varchar, outcome::varchar, rep_id, case when is_automated then 'automated' end), null, row_no, is_day
    from touches
    where lead_no = (select lead_no from own)
    union all
    select occurred_at, 'activity', activity, asset, recorded_at, row_no, is_day
    from activities
    where lead_no = (select lead_no from own)
    union all
    select occurred_at, 'owner', rep_id, null, null, row_no, is_day
    from assignments
    where lead_no = (select lead_no from own)
    union all
    select occurred_at, 'change', field, concat(coalesce(old_value, 'nothing'), ' → ', coalesce(value, 'nothing')), recorded_at, row_no, is_day
    from lead_changes
    where lead_no = (select lead_no from own)
    union all
    select merged_at, 'merge', other_id, 'merged into this lead', null, 0, false
    from lead_merges
    where lead_no = (select lead_no from own)
    union all
    select coalesce(closed_at, created_at), 'deal', deal_id, concat_ws(' ', amount::varchar, currency), null, row_no, false
    from deals
    where lead_no = (select lead_no from own)
)

select happened_at, lane, name, detail, recorded_at, is_day
from events
order by happened_at nulls last, lane, row_no;
