-- One row per episode and stage it reached: when it entered, when the next stage, how the episode ended.
-- An implied stage takes the earliest time of the later stages observed; durations use observed ones only.
-- became: advanced, however late; else as the episode was left; else open. Windows judge only the open ones.
create table history.main.steps as
with
entries as (
    select
        *,
        coalesce(mql_at, opened_at) as mql_entry,
        coalesce(sal_at, least(sql_at, opportunity_at, won_at)) as sal_entry,
        coalesce(sql_at, least(opportunity_at, won_at)) as sql_entry,
        coalesce(opportunity_at, won_at) as opportunity_entry,
        won_at as won_entry
    from history.main.episodes
),

stacked as (
    select
        episode_no, 1 as stage_rank, 'mql' as stage, mql_entry as entered_at, mql_at as observed_at, mql_day as observed_day,
        sal_entry as next_at, coalesce(sal_at, sql_at, opportunity_at, won_at) as next_observed_at
    from entries
    union all
    select
        episode_no, 2, 'sal', sal_entry, sal_at, sal_day,
        sql_entry, coalesce(sql_at, opportunity_at, won_at)
    from entries
    where sal_entry is not null
    union all
    select
        episode_no, 3, 'sql', sql_entry, sql_at, sql_day,
        opportunity_entry, coalesce(opportunity_at, won_at)
    from entries
    where sql_entry is not null
    union all
    select
        episode_no, 4, 'opportunity', opportunity_entry, opportunity_at, opportunity_day,
        won_entry, won_at
    from entries
    where opportunity_entry is not null
    union all
    select
        episode_no, 5, 'won', won_entry, won_at, won_day,
        null, null
    from entries
    where won_entry is not null
)

select
    stacked.episode_no,
    episodes.lead_no,
    episodes.pass_no,
    episodes.opened_at,
    date_trunc('week', episodes.opened_day)::date as opened_week,
    date_trunc('month', episodes.opened_day)::date as opened_month,
    stacked.stage_rank::tinyint as stage_rank,
    stacked.stage,
    stacked.entered_at,
    stacked.observed_at,
    date_trunc('week', stacked.observed_day)::date as observed_week,
    date_trunc('month', stacked.observed_day)::date as observed_month,
    stacked.next_at,
    epoch_us(stacked.next_at) - epoch_us(stacked.entered_at) as micros_to_next,
    stacked.next_observed_at,
    stacked.stage_rank = 2 and stacked.observed_at is not null and episodes.sal_actor_id is null as is_silent,
    episodes.is_out_of_order,
    case when stacked.next_at is null then episodes.closed_at end as left_at,
    case when stacked.next_at is null then episodes.exit_stage end as exit_stage,
    case
        when stacked.stage_rank = 5 then null
        when stacked.next_at is not null then 'advanced'
        when episodes.exit_stage = 'disqualified' then 'lost'
        else coalesce(episodes.exit_stage, 'open')
    end::enum('advanced', 'lost', 'open', 'recycled', 'rejected') as became
from stacked
inner join history.main.episodes as episodes on episodes.episode_no = stacked.episode_no
order by stacked.stage_rank, stacked.episode_no;
