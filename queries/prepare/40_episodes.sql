-- Facts of each episode: what was reached when, how it ended, who owned it at hand-over. No verdicts: windows and promises change.
create table history.main.episodes as
with
owned as (
    select
        canonical.subject_no as lead_no,
        canonical.occurred_at,
        canonical.is_day,
        canonical.rep_id::varchar as rep_id,
        reps.team,
        reps.rep_id is not null or not exists (select 1 from history.canonical.reps) as is_rep,
        canonical.event_id,
        canonical.row_no
    from history.canonical.assignments as canonical
    left join history.canonical.reps as reps on reps.rep_id = canonical.rep_id
    where canonical.subject_no is not null
),

ranked_owners as (
    select
        lead_no,
        occurred_at,
        last(rep_id order by event_id nulls last, row_no) as rep_id,
        last(team order by event_id nulls last, row_no) as team,
        last(is_rep order by event_id nulls last, row_no) as is_rep,
        first(is_day order by event_id nulls last, row_no) filter (where is_rep) as first_rep_is_day,
        first(rep_id order by event_id nulls last, row_no) filter (where is_rep) as first_rep_id,
        first(team order by event_id nulls last, row_no) filter (where is_rep) as first_rep_team
    from owned
    group by lead_no, occurred_at
),

starts as (
    select episode_no, lead_no, coalesce(mql_at, opened_at) as qualified_at, next_opened_at
    from found_episodes
),

owner_then as (
    select starts.episode_no, ranked_owners.rep_id, ranked_owners.team
    from starts
    asof inner join ranked_owners
        on starts.lead_no = ranked_owners.lead_no and starts.qualified_at >= ranked_owners.occurred_at
    where ranked_owners.is_rep
),

owner_after as (
    select
        starts.episode_no,
        ranked_owners.occurred_at,
        ranked_owners.first_rep_id as rep_id,
        ranked_owners.first_rep_team as team,
        starts.next_opened_at,
        ranked_owners.first_rep_is_day as is_day
    from starts
    asof inner join (select * from ranked_owners where first_rep_id is not null) as ranked_owners
        on starts.lead_no = ranked_owners.lead_no and starts.qualified_at <= ranked_owners.occurred_at
)

select
    found.*,
    case
        when owner_then.rep_id is not null then coalesce(found.mql_at, found.opened_at)
        when owner_after.next_opened_at is null or owner_after.occurred_at < owner_after.next_opened_at then owner_after.occurred_at
    end as handed_over_at,
    case
        when owner_then.rep_id is not null then coalesce(found.mql_is_day, found.opened_is_day)
        when owner_after.next_opened_at is null or owner_after.occurred_at < owner_after.next_opened_at then owner_after.is_day
    end as handed_is_day,
    case
        when owner_then.rep_id is not null then owner_then.rep_id
        when owner_after.next_opened_at is null or owner_after.occurred_at < owner_after.next_opened_at then owner_after.rep_id
    end as rep_id,
    case
        when owner_then.rep_id is not null then owner_then.team
        when owner_after.next_opened_at is null or owner_after.occurred_at < owner_after.next_opened_at then owner_after.team
    end as team
from found_episodes as found
left join owner_then on owner_then.episode_no = found.episode_no
left join owner_after on owner_after.episode_no = found.episode_no
order by found.episode_no;
