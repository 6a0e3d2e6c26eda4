-- One row per episode: how soon and how often a person tried to reach the lead. Facts, no verdicts: promises and windows change.
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
    least(
        found.first_contact_at,
        coalesce(episodes.sql_at, least(episodes.opportunity_at, episodes.won_at)),
        case when episodes.exit_stage is not null then episodes.closed_at end
    ) as released_at,
    coalesce(episodes.sql_at, least(episodes.opportunity_at, episodes.won_at)) as sql_entry_at,
    case when episodes.exit_stage is not null then episodes.closed_at end as left_at,
    least(episodes.next_opened_at, $data_through) as watch_ends_at,
    epoch_us(coalesce(found.first_attempt_at, least(episodes.next_opened_at, $data_through))) - epoch_us(episodes.mql_at) as waited_us,
    epoch_us($data_through) - epoch_us(episodes.mql_at) as age_us,
    epoch_us($data_through) - epoch_us(coalesce(episodes.handed_over_at, episodes.mql_at, episodes.opened_at)) as start_age_us
from history.main.episodes as episodes
inner join found_follow_ups as found on found.episode_no = episodes.episode_no
left join owned on owned.episode_no = episodes.episode_no
order by episodes.episode_no;
