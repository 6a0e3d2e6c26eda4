-- Volume against quality: of the leads that each source handed over, how many were accepted in time, and how many were SQLs in time.
-- grain: one row per source, or per source and campaign; one that is not known is empty
-- unit: episodes; shares have their 95 % Wilson interval
-- params: filters, $by choice(source|campaign) = source (what a row is of), $mql_days number = 14 (days from MQL to SAL), $sal_days number = 45 (days from SAL to SQL; an SQL may take both together)
with
named as (
    select fields.attribute, field_values.value_no, field_values.label
    from fields
    inner join field_values on field_values.field_no = fields.field_no
    where fields.attribute in ('source', 'campaign')
),

of_sources as (
    select told.episode_no, told.value_no
    from episode_values as told
    where told.field_no = (select fields.field_no from fields where fields.attribute = 'source')
),

of_campaigns as (
    select told.episode_no, told.value_no
    from episode_values as told
    where $by = 'campaign' and told.field_no = (select fields.field_no from fields where fields.attribute = 'campaign')
),

waited as (
    select
        of_sources.value_no as source_no,
        of_campaigns.value_no as campaign_no,
        chosen.exit_stage is null as is_open,
        chosen.reached_rank >= 3 as is_sql,
        epoch_us(about.data_through) - epoch_us(coalesce(chosen.mql_at, chosen.opened_at)) as age_us,
        epoch_us(coalesce(chosen.sal_at, least(chosen.sql_at, chosen.opportunity_at, chosen.won_at)))
        - epoch_us(coalesce(chosen.mql_at, chosen.opened_at)) as sal_us,
        epoch_us(coalesce(chosen.sql_at, least(chosen.opportunity_at, chosen.won_at))) - epoch_us(coalesce(chosen.mql_at, chosen.opened_at)) as sql_us
    from chosen_episodes($since, $until, $wanted, $fields, $unless_fields, $unless_values, $episodes) as chosen
    cross join about
    left join of_sources on of_sources.episode_no = chosen.episode_no
    left join of_campaigns on of_campaigns.episode_no = chosen.episode_no
),

kinds as (
    select
        source_no,
        campaign_no,
        is_open and not is_sql as is_waiting,
        age_us >= round($mql_days * 86400000000) as is_mature,
        coalesce(sal_us <= round($mql_days * 86400000000), false) as is_accepted,
        age_us >= round(($mql_days + $sal_days) * 86400000000) as is_old,
        coalesce(sql_us <= round(($mql_days + $sal_days) * 86400000000), false) as is_qualified,
        count(*) as n
    from waited
    group by source_no, campaign_no, is_waiting, is_mature, is_accepted, is_old, is_qualified
),

counted as (
    select
        source_no,
        campaign_no,
        cast(sum(n) as bigint) as mqls,
        cast(coalesce(sum(n) filter (where is_mature), 0) as bigint) as mature,
        cast(coalesce(sum(n) filter (where is_mature and is_accepted), 0) as bigint) as accepted,
        cast(coalesce(sum(n) filter (where is_old), 0) as bigint) as old_enough,
        cast(coalesce(sum(n) filter (where is_old and is_qualified), 0) as bigint) as qualified,
        cast(coalesce(sum(n) filter (where is_waiting and not is_old), 0) as bigint) as in_window
    from kinds
    group by source_no, campaign_no
)

select
    sources.label as source,
    campaigns.label as campaign,
    counted.mqls,
    counted.mature,
    counted.accepted,
    counted.accepted / nullif(counted.mature, 0) as acceptance,
    wilson_low(counted.accepted, counted.mature) as acceptance_low,
    wilson_high(counted.accepted, counted.mature) as acceptance_high,
    counted.old_enough,
    counted.qualified,
    counted.qualified / nullif(counted.old_enough, 0) as sql_share,
    wilson_low(counted.qualified, counted.old_enough) as sql_low,
    wilson_high(counted.qualified, counted.old_enough) as sql_high,
    counted.in_window
from counted
left join named as sources on sources.attribute = 'source' and sources.value_no = counted.source_no
left join named as campaigns on campaigns.attribute = 'campaign' and campaigns.value_no = counted.campaign_no
order by counted.mqls desc, sources.label nulls last, campaigns.label nulls last;
