-- The chosen passes that sales rejected, with what became of each, first that fits: the next pass was handed over, it was disqualified or lost before a
-- next pass (an exit that closes nothing), or it lies. Where owners are not on record a next pass counts as handed over. took_us: from the rejection to then, or to the end of the data.
create macro returned_passes(p_since, p_until, p_wanted, p_fields, p_unless_fields, p_unless_values, p_passes) as table
with
sent_back as materialized (
    select episode_no, lead_no, pass_no, left_at, next_opened_at
    from left_passes(p_since, p_until, p_wanted, p_fields, p_unless_fields, p_unless_values, p_passes)
    where class = 'rejected'
),

again as (
    select
        sent_back.episode_no,
        case when history_has.has_owners then next_passes.handed_over_at else coalesce(next_passes.handed_over_at, next_passes.opened_at) end
            as handed_over_at
    from sent_back
    inner join episodes as next_passes on next_passes.lead_no = sent_back.lead_no and next_passes.pass_no = sent_back.pass_no + 1
    cross join record_of_history as history_has
    where sent_back.next_opened_at is not null
),

strays as (
    select changes.lead_no, changes.occurred_at
    from stage_changes as changes
    where changes.stage in ('disqualified', 'lost') and changes.lead_no in (select stray_exits.lead_no from stray_exits)
),

discarded as (
    select sent_back.episode_no, min(strays.occurred_at) as discarded_at
    from strays
    inner join sent_back on sent_back.lead_no = strays.lead_no
    where strays.occurred_at >= sent_back.left_at and (sent_back.next_opened_at is null or strays.occurred_at < sent_back.next_opened_at)
    group by sent_back.episode_no
)

select
    sent_back.*,
    case
        when again.handed_over_at is not null then 'handed_over_again'
        when discarded.discarded_at is not null then 'discarded'
        else 'lying'
    end as fate,
    epoch_us(coalesce(again.handed_over_at, discarded.discarded_at, about.data_through)) - epoch_us(sent_back.left_at) as took_us
from sent_back
left join again on again.episode_no = sent_back.episode_no
left join discarded on discarded.episode_no = sent_back.episode_no
cross join about;
