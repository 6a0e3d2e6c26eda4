-- One row per episode: how soon and how often a person tried to reach the lead. Facts, no verdicts: promises and windows change.
-- rep_open_leads: open leads that the rep had at the hand-over, this one counted. owner_id: who has it as the data end, while it is open.
-- stage_told_at: the lead's last change of stage, a repeat too, while the pass is open.
-- is_day: of a day without a time of day; is_dated: its MQL or first attempt is such, so that no clock ran.
-- watch_ends_at: where the next episode opens, or the data end. waited_us: from an observed mql to the first attempt, or for as long as there was none.
create table history.main.follow_ups as
with
owned as (
    select
        told.episode_no,
        max(told.value_no) filter (where fields.built_in = 'rep') as rep_no,
        max(told.value_no) filter (where fields.built_in = 'team') as team_no
    from history.main.episode_values as told
    inner join history.main.fields as fields on fields.field_no = told.field_no
    where fields.built_in is not null
    group by told.episode_no
),

last_changes as (
    select subject_no as lead_no, max(occurred_at) as stage_told_at
    from history.canonical.stage_changes
    where subject_no is not null
    group by subject_no
)

select
    episodes.episode_no,
    episodes.lead_no,
    episodes.pass_no,
    episodes.opened_at,
    episodes.mql_at,
    episodes.handed_over_at,
    owned.rep_no,
    owned.team_no,
    coalesce(episodes.handed_over_at, episodes.mql_at, episodes.opened_at) as start_at,
    episodes.mql_is_day,
    episodes.handed_is_day,
    found.first_attempt_is_day,
    found.first_contact_is_day,
    coalesce(episodes.mql_is_day, false) or coalesce(found.first_attempt_is_day, false) as is_dated,
    found.first_attempt_at,
    found.first_attempt_channel,
    found.first_contact_at,
    nullif(found.contact_attempt, 0) as contact_attempt,
    found.tried,
    found.attempts,
    found.last_attempt_at,
    found.first_week_calls,
    found.last_touch_at,
    found.accepted_attempts,
    found.accepted_contact_at,
    found.accepted_meeting,
    nullif(found.rep_open_leads, -1) as rep_open_leads,
    case when episodes.closed_at is null then coalesce(found.last_owner, episodes.rep_id::varchar) end as owner_id,
    least(
        found.first_contact_at,
        coalesce(episodes.sql_at, least(episodes.opportunity_at, episodes.won_at)),
        case when episodes.exit_stage is not null then episodes.closed_at end
    ) as released_at,
    coalesce(episodes.sql_at, least(episodes.opportunity_at, episodes.won_at)) as sql_entry_at,
    case when episodes.exit_stage is not null then episodes.closed_at end as left_at,
    episodes.closed_at is null as is_open,
    case when episodes.closed_at is null then last_changes.stage_told_at end as stage_told_at,
    least(episodes.next_opened_at, $data_through) as watch_ends_at,
    epoch_us(coalesce(found.first_attempt_at, least(episodes.next_opened_at, $data_through))) - epoch_us(episodes.mql_at) as waited_us,
    epoch_us($data_through) - epoch_us(episodes.mql_at) as age_us,
    epoch_us($data_through) - epoch_us(coalesce(episodes.handed_over_at, episodes.mql_at, episodes.opened_at)) as start_age_us
from history.main.episodes as episodes
inner join found_follow_ups as found on found.episode_no = episodes.episode_no
left join owned on owned.episode_no = episodes.episode_no
left join last_changes on last_changes.lead_no = episodes.lead_no
order by episodes.episode_no;
