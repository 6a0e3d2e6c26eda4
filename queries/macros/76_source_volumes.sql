-- What came in, what became of it and what it cost, by source and campaign (compared forms; '' not known). Leads by the day of their creation,
-- mqls to won are the stages that the chosen episodes entered, spend is that of the days of the period. spend is null where none is on record for
-- the source and campaign, and everywhere where filters ask for what spend does not know. is_split: some spend of the source names a campaign.
-- p_by_campaign: without it the stages are told by source alone (campaign not known), which is quicker.
create macro source_volumes(
    p_since, p_until, p_wanted, p_fields, p_unless_fields, p_unless_values, p_passes, p_since_day, p_until_day, p_last_day, p_source_keys,
    p_campaign_keys, p_lead_wanted, p_lead_fields, p_lead_unless_fields, p_lead_unless_values, p_lead_columns, p_labels, p_keys,
    p_by_campaign
) as table
with
named as (
    select fields.attribute, field_values.value_no, field_values.key, field_values.label
    from fields
    inner join field_values on field_values.field_no = fields.field_no
    where fields.attribute in ('source', 'campaign')
),

created as (
    select found.source, found.campaign, count(*) as n
    from created_leads(
        p_since, p_until, p_lead_wanted, p_lead_fields, p_lead_unless_fields, p_lead_unless_values, p_lead_columns, p_labels, p_keys
    ) as found
    group by found.source, found.campaign
),

texts as (
    select told.label, compared(told.label, p_labels, p_keys) as key
    from (
        select created.source as label
        from created
        union
        select created.campaign as label
        from created
    ) as told
),

came_in as (
    select coalesce(sources.key, '') as source_key, coalesce(campaigns.key, '') as campaign_key, created.n
    from created
    left join texts as source_texts on source_texts.label = created.source
    left join named as sources on sources.attribute = 'source' and sources.key = source_texts.key
    left join texts as campaign_texts on campaign_texts.label = created.campaign
    left join named as campaigns on campaigns.attribute = 'campaign' and campaigns.key = campaign_texts.key
    where
        (p_source_keys is null or list_contains(p_source_keys, coalesce(sources.key, '')))
        and (p_campaign_keys is null or list_contains(p_campaign_keys, coalesce(campaigns.key, '')))
),

of_sources as (
    select told.episode_no, told.value_no
    from episode_values as told
    where told.field_no = (select fields.field_no from fields where fields.attribute = 'source')
),

of_campaigns as (
    select told.episode_no, told.value_no
    from episode_values as told
    where p_by_campaign and told.field_no = (select fields.field_no from fields where fields.attribute = 'campaign')
),

reached as (
    select of_sources.value_no as source_no, of_campaigns.value_no as campaign_no, chosen.reached_rank, count(*) as n
    from chosen_episodes(p_since, p_until, p_wanted, p_fields, p_unless_fields, p_unless_values, p_passes) as chosen
    left join of_sources on of_sources.episode_no = chosen.episode_no
    left join of_campaigns on of_campaigns.episode_no = chosen.episode_no
    group by of_sources.value_no, of_campaigns.value_no, chosen.reached_rank
),

went_on as (
    select coalesce(sources.key, '') as source_key, coalesce(campaigns.key, '') as campaign_key, reached.reached_rank, reached.n
    from reached
    left join named as sources on sources.value_no = reached.source_no
    left join named as campaigns on campaigns.value_no = reached.campaign_no
),

days as (
    select spent.*
    from spend_days(p_since_day, p_until_day, p_last_day, p_labels, p_keys) as spent
    where p_lead_wanted is null and p_lead_unless_fields is null
),

paid as (
    select days.*
    from days
    where
        (p_source_keys is null or list_contains(p_source_keys, days.source_key))
        and (p_campaign_keys is null or list_contains(p_campaign_keys, days.campaign_key))
),

stacked as (
    select
        came_in.source_key, came_in.campaign_key, came_in.n as leads, 0 as mqls, 0 as sals, 0 as sqls, 0 as won, cast(null as double) as spend, false as is_paid
    from came_in
    union all
    select
        went_on.source_key,
        went_on.campaign_key,
        0,
        went_on.n,
        case when went_on.reached_rank >= 2 then went_on.n else 0 end,
        case when went_on.reached_rank >= 3 then went_on.n else 0 end,
        case when went_on.reached_rank = 5 then went_on.n else 0 end,
        null,
        false
    from went_on
    union all
    select paid.source_key, paid.campaign_key, 0, 0, 0, 0, 0, paid.amount * paid.days_in / paid.days, paid.days_in > 0
    from paid
),

summed as (
    select
        stacked.source_key,
        stacked.campaign_key,
        cast(sum(stacked.leads) as bigint) as leads,
        cast(sum(stacked.mqls) as bigint) as mqls,
        cast(sum(stacked.sals) as bigint) as sals,
        cast(sum(stacked.sqls) as bigint) as sqls,
        cast(sum(stacked.won) as bigint) as won,
        sum(stacked.spend) as spend,
        bool_or(stacked.is_paid) as is_paid
    from stacked
    group by stacked.source_key, stacked.campaign_key
),

spellings as (
    select 'source' as attribute, days.source_key as key, days.source as label, count(*) as n
    from days
    group by days.source_key, days.source
    union all
    select 'campaign' as attribute, days.campaign_key as key, days.campaign as label, count(*) as n
    from days
    group by days.campaign_key, days.campaign
),

shown as (
    select spellings.attribute, spellings.key, first(spellings.label order by spellings.n desc, spellings.label) as label
    from spellings
    group by spellings.attribute, spellings.key
),

splits as (
    select days.source_key, bool_or(days.campaign_key <> '') as is_split
    from days
    group by days.source_key
)

select
    summed.*,
    coalesce(sources.label, paid_sources.label) as source,
    coalesce(campaigns.label, paid_campaigns.label) as campaign,
    coalesce(splits.is_split, false) as is_split
from summed
left join named as sources on sources.attribute = 'source' and sources.key = summed.source_key
left join named as campaigns on campaigns.attribute = 'campaign' and campaigns.key = summed.campaign_key
left join shown as paid_sources on paid_sources.attribute = 'source' and paid_sources.key = summed.source_key
left join shown as paid_campaigns on paid_campaigns.attribute = 'campaign' and paid_campaigns.key = summed.campaign_key
left join splits on splits.source_key = summed.source_key;
