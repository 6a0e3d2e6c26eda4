-- Stages that passes entered by events of their own, each at its first, entered or handed over (the later of both) from $since to $until: when the status
-- was next told: a later stage, an exit, or a further MQL after the start, within the pass.
with
entered as (
    select
        episode_no, lead_no, pass_no, opened_at, 'mql' as stage, 1 as stage_rank, greatest(mql_at, handed_over_at) as start_at, repeats, closed_at,
        least(sal_reached(sal_at, sql_at, opportunity_at, won_at), exit_of(exit_stage, closed_at)) as done_at
    from episodes
    where mql_at is not null and handed_over_at is not null and greatest(mql_at, handed_over_at) between $since and $until
    union all
    select
        episode_no, lead_no, pass_no, opened_at, 'sal', 2, greatest(sal_at, handed_over_at), repeats, closed_at,
        least(sql_reached(sql_at, opportunity_at, won_at), exit_of(exit_stage, closed_at))
    from episodes
    where sal_at is not null and handed_over_at is not null and greatest(sal_at, handed_over_at) between $since and $until
    union all
    select
        episode_no, lead_no, pass_no, opened_at, 'sql', 3, greatest(sql_at, handed_over_at), repeats, closed_at,
        least(opportunity_at, won_at, exit_of(exit_stage, closed_at))
    from episodes
    where sql_at is not null and handed_over_at is not null and greatest(sql_at, handed_over_at) between $since and $until
    union all
    select
        episode_no, lead_no, pass_no, opened_at, 'opportunity', 4, greatest(opportunity_at, handed_over_at), repeats, closed_at,
        least(won_at, exit_of(exit_stage, closed_at))
    from episodes
    where opportunity_at is not null and handed_over_at is not null and greatest(opportunity_at, handed_over_at) between $since and $until
),

told_again as (
    select entered.episode_no, entered.stage_rank, min(changes.occurred_at) as told_at
    from stage_changes as changes
    inner join entered on entered.lead_no = changes.lead_no and entered.repeats > 0
    where changes.stage = 'mql' and changes.occurred_at > entered.start_at and (entered.closed_at is null or changes.occurred_at < entered.closed_at)
    group by entered.episode_no, entered.stage_rank
)

select
    entered.episode_no,
    entered.lead_no,
    entered.pass_no,
    entered.opened_at,
    entered.start_at,
    least(entered.done_at, told_again.told_at) as done_at,
    null::timestamp as released_at,
    entered.stage
from entered
left join told_again on told_again.episode_no = entered.episode_no and told_again.stage_rank = entered.stage_rank;
