-- One row per surviving lead: who it is (values of today; source and campaign at its creation too), where it stands, and when anything last happened.
-- micros_to_first_pass counts whole days where either end is a day without a time of day.
create table history.main.leads as
with
passes as (
    select
        lead_no,
        count(*)::integer as passes,
        min(opened_at) as first_opened_at,
        min(opened_day) as first_opened_day,
        arg_min(opened_is_day, pass_no) as first_opened_is_day,
        max_by(episode_no, pass_no) as last_episode_no
    from history.main.episodes
    group by lead_no
),

last_touches as (
    select subject_no as lead_no, max(occurred_at) as last_touch_at, count(*)::integer as touches
    from history.canonical.touches
    where subject_no is not null
    group by subject_no
),

last_activities as (
    select subject_no as lead_no, max(occurred_at) as last_activity_at, count(*)::integer as activities
    from history.canonical.activities
    where subject_no is not null
    group by subject_no
),

numbered_accounts as (
    select told.account_id, (row_number() over (order by told.account_id::varchar) - 1)::integer as account_no
    from (
        select distinct details.account_id
        from lead_details as details
        inner join resolved_leads as resolved on resolved.lead_no = details.lead_no
        where details.account_id is not null
    ) as told
),

-- Attributes still as they are coded: texts are made of them when the rows lie in order.
in_order as (
    select
        resolved.lead_no,
        details.* exclude (lead_no),
        resolved.created_at,
        date_trunc('week', created_days.created_day)::date as created_week,
        date_trunc('month', created_days.created_day)::date as created_month,
        resolved.merged_leads,
        coalesce(passes.passes, 0) as passes,
        passes.first_opened_at,
        case
            when resolved.created_is_day or passes.first_opened_is_day then (passes.first_opened_day - created_days.created_day) * 86400000000
            else epoch_us(passes.first_opened_at) - epoch_us(resolved.created_at)
        end as micros_to_first_pass,
        case
            when last_episode.won_at is not null then 'won'
            when last_episode.exit_stage is not null then last_episode.exit_stage
            when last_episode.opportunity_at is not null then 'opportunity'
            when last_episode.sql_at is not null then 'sql'
            when last_episode.sal_at is not null then 'sal'
            when last_episode.episode_no is not null then 'mql'
            else 'inquiry'
        end as stands_at,
        last_episode.rep_id,
        last_episode.team,
        numbered_accounts.account_no,
        created_values.source as source_then,
        created_values.campaign as campaign_then,
        last_touches.last_touch_at,
        coalesce(last_touches.touches, 0) as touches,
        last_activities.last_activity_at,
        coalesce(last_activities.activities, 0) as activities,
        folded_texts.search_text as folded_text
    from resolved_leads as resolved
    inner join lead_details as details on details.lead_no = resolved.lead_no
    inner join created_days on created_days.lead_no = resolved.lead_no
    left join folded_texts on folded_texts.lead_no = resolved.lead_no
    left join passes on passes.lead_no = resolved.lead_no
    left join history.main.episodes as last_episode on last_episode.episode_no = passes.last_episode_no
    left join last_touches on last_touches.lead_no = resolved.lead_no
    left join last_activities on last_activities.lead_no = resolved.lead_no
    left join numbered_accounts on numbered_accounts.account_id = details.account_id
    left join created_values on created_values.lead_no = resolved.lead_no
    order by resolved.lead_no
)

select
    lead_no,
    lead_id,
    account_id::varchar as account_id,
    account_no,
    source::varchar as source,
    campaign::varchar as campaign,
    case when source_then is null then source::varchar else nullif(source_then, '') end as created_source,
    case when campaign_then is null then campaign::varchar else nullif(campaign_then, '') end as created_campaign,
    region::varchar as region,
    country::varchar as country,
    industry::varchar as industry,
    employees::varchar as employees,
    size_band(employees::varchar) as size_band,
    annual_revenue::varchar as annual_revenue,
    job_title::varchar as job_title,
    role::varchar as role,
    seniority::varchar as seniority,
    email::varchar as email,
    phone::varchar as phone,
    company::varchar as company,
    need::varchar as need,
    budget::varchar as budget,
    authority::varchar as authority,
    timeline::varchar as timeline,
    is_competitor::varchar as is_competitor,
    created_at,
    created_week,
    created_month,
    merged_leads,
    passes,
    first_opened_at,
    micros_to_first_pass,
    stands_at,
    rep_id,
    team,
    last_touch_at,
    touches,
    last_activity_at,
    activities,
    coalesce(folded_text, lower(strip_accents(concat_ws(' ', lead_id, company, email, job_title, phone, account_id)))) as search_text
from in_order;
