-- The stage changes that count, in the order in which the episode model reads them.
select
    subject_no as lead_no,
    epoch_us(occurred_at) as occurred_us,
    case stage
        when 'inquiry' then 0
        when 'mql' then 1
        when 'sal' then 2
        when 'sql' then 3
        when 'opportunity' then 4
        when 'won' then 5
        else 6
    end::tinyint as rank,
    stage::varchar as stage,
    reason::varchar as reason,
    actor_id::varchar as actor_id
from history.canonical.stage_changes
where subject_no is not null
order by subject_no, occurred_us, rank, event_id nulls last, row_no;
