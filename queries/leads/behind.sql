-- Leads behind a figure: the passes that entered a stage, with what became of each; source as counted, when the pass opened, and source_today.
-- grain: one row per episode that entered the stage
-- unit: lead
-- params: filters, $mql_days number = 14 (days from MQL to SAL), $sal_days number = 45 (days from SAL to SQL), $sql_days number = 45 (days from SQL to opportunity), $opportunity_days number = 180 (days from opportunity to won), $stage choice(mql|sal|sql|opportunity|won) = mql (the stage that was entered), $outcome choice(advanced|rejected|recycled|lost|open_in_window|open_past_window|left|mature|converted) (nothing for all), $search search (part of id, company, address or title), $since_entry instant (entered the stage at or after), $until_entry instant (entered the stage before), $most integer = 100 (rows at most), $skipped integer = 0 (rows to pass over)
select
    leads.lead_id,
    leads.company,
    counted.source,
    leads.source as source_today,
    judged.pass_no,
    judged.opened_at,
    judged.entered_at,
    judged.observed_at is null as is_implied,
    judged.fate as outcome,
    coalesce(judged.next_at, judged.left_at) as outcome_at,
    episodes.exit_reason as reason,
    episodes.rep_id,
    episodes.team,
    leads.last_touch_at,
    leads.last_activity_at,
    count(*) over () as total
from judged_steps($since, $until, $wanted, $fields, $unless_fields, $unless_values, $episodes, $mql_days, $sal_days, $sql_days, $opportunity_days) as judged
inner join episodes on episodes.episode_no = judged.episode_no
inner join leads on leads.lead_no = judged.lead_no
left join counted_sources() as counted on counted.episode_no = judged.episode_no
where
    judged.stage = $stage
    and (
        $outcome is null
        or judged.fate = $outcome
        or ($outcome = 'left' and judged.fate in ('rejected', 'recycled', 'lost'))
        or ($outcome = 'mature' and judged.is_mature)
        or ($outcome = 'converted' and judged.is_converted)
    )
    and ($search is null or contains(leads.search_text, $search))
    and ($since_entry is null or judged.entered_at >= $since_entry)
    and ($until_entry is null or judged.entered_at < $until_entry)
order by judged.entered_at desc, judged.episode_no desc
limit
    $most
    offset $skipped;
