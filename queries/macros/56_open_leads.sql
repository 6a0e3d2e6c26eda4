-- The open leads of every rep at each of p_ends: of each lead the latest pass by then, where it is open then, and the latest assignment by then, where it is
-- to a rep (of the reps, where they were brought in). Assignments at one instant count in order of event_id (as text, empty last) and line.
create macro open_leads(p_ends) as table
with
ends as (
    select unnest(p_ends) as ends_at
),

open_then as (
    select ends.ends_at, episodes.lead_no, episodes.episode_no, episodes.pass_no, episodes.opened_at
    from episodes
    inner join ends
        on
            episodes.opened_at <= ends.ends_at
            and (episodes.next_opened_at is null or episodes.next_opened_at > ends.ends_at)
            and (episodes.closed_at is null or episodes.closed_at > ends.ends_at)
),

given as (
    select
        owned.lead_no,
        owned.rep_id,
        owned.occurred_at as since_at,
        lead(owned.occurred_at) over (partition by owned.lead_no order by owned.occurred_at, owned.event_id nulls last, owned.row_no) as until_at
    from assignments as owned
    where owned.lead_no in (select open_then.lead_no from open_then)
)

select open_then.*, given.rep_id::varchar as rep_id
from open_then
inner join given
    on given.lead_no = open_then.lead_no and given.since_at <= open_then.ends_at and (given.until_at is null or given.until_at > open_then.ends_at)
where given.rep_id::varchar in (select reps.rep_id from reps) or not exists (select 1 from reps);
