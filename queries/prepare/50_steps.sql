-- One row per episode and stage it reached: when it entered, when the next stage, how the episode ended.
-- An implied stage takes the earliest time of the later stages observed; durations use observed ones only.
-- is_day: of a day without a time of day. micros_to_next and micros_to_left count whole days where either end is such: no hour is made of it.
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
        won_at as won_entry,
        coalesce(mql_is_day, opened_is_day) as mql_entry_is_day,
        case
            when sal_at is not null then sal_is_day
            else case least(sql_at, opportunity_at, won_at) when sql_at then sql_is_day when opportunity_at then opportunity_is_day else won_is_day end
        end as sal_entry_is_day,
        case
            when sql_at is not null then sql_is_day
            else case least(opportunity_at, won_at) when opportunity_at then opportunity_is_day else won_is_day end
        end as sql_entry_is_day,
        coalesce(opportunity_is_day, won_is_day) as opportunity_entry_is_day,
        coalesce(mql_day, opened_day) as mql_entry_day,
        coalesce(sal_day, least(sql_day, opportunity_day, won_day)) as sal_entry_day,
        coalesce(sql_day, least(opportunity_day, won_day)) as sql_entry_day,
        coalesce(opportunity_day, won_day) as opportunity_entry_day
    from history.main.episodes
),

stacked as (
    select
        episode_no, 1 as stage_rank, 'mql' as stage, mql_entry as entered_at, mql_at as observed_at, mql_day as observed_day, mql_entry_day as entered_day,
        sal_entry as next_at, coalesce(sal_at, sql_at, opportunity_at, won_at) as next_observed_at,
        mql_entry_is_day as entered_is_day, mql_is_day as observed_is_day, sal_entry_is_day as next_is_day,
        coalesce(sal_is_day, sql_is_day, opportunity_is_day, won_is_day) as next_observed_is_day, sal_entry_day - mql_entry_day as days_to_next
    from entries
    union all
    select
        episode_no, 2, 'sal', sal_entry, sal_at, sal_day, sal_entry_day,
        sql_entry, coalesce(sql_at, opportunity_at, won_at),
        sal_entry_is_day, sal_is_day, sql_entry_is_day,
        coalesce(sql_is_day, opportunity_is_day, won_is_day), sql_entry_day - sal_entry_day
    from entries
    where sal_entry is not null
    union all
    select
        episode_no, 3, 'sql', sql_entry, sql_at, sql_day, sql_entry_day,
        opportunity_entry, coalesce(opportunity_at, won_at),
        sql_entry_is_day, sql_is_day, opportunity_entry_is_day,
        coalesce(opportunity_is_day, won_is_day), opportunity_entry_day - sql_entry_day
    from entries
    where sql_entry is not null
    union all
    select
        episode_no, 4, 'opportunity', opportunity_entry, opportunity_at, opportunity_day, opportunity_entry_day,
        won_entry, won_at,
        opportunity_entry_is_day, opportunity_is_day, won_is_day,
        won_is_day, won_day - opportunity_entry_day
    from entries
    where opportunity_entry is not null
    union all
    select
        episode_no, 5, 'won', won_entry, won_at, won_day, won_day,
        null, null,
        won_is_day, won_is_day, null,
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
    case
        when stacked.entered_is_day or stacked.next_is_day then stacked.days_to_next * 86400000000
        else epoch_us(stacked.next_at) - epoch_us(stacked.entered_at)
    end as micros_to_next,
    stacked.next_observed_at,
    stacked.entered_is_day,
    stacked.next_is_day,
    stacked.observed_is_day or stacked.next_observed_is_day as passage_has_day,
    stacked.stage_rank = 2 and stacked.observed_at is not null and episodes.sal_actor_id is null as is_silent,
    episodes.is_out_of_order,
    case when stacked.next_at is null then episodes.closed_at end as left_at,
    case
        when stacked.next_at is not null then null
        when stacked.entered_is_day or episodes.closed_is_day then (episodes.closed_day - stacked.entered_day) * 86400000000
        else epoch_us(episodes.closed_at) - epoch_us(stacked.entered_at)
    end as micros_to_left,
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
