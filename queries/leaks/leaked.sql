-- Leads behind a leak: the passes that leaked at a step, with the way in which they did; source as counted, when the pass opened, and source_today.
-- grain: one row per pass that leaked at the step
-- unit: lead
-- params: filters, $mql_days number = 14 (days from MQL to SAL), $sal_days number = 45 (days from SAL to SQL), $sql_days number = 45 (days from SQL to opportunity), $opportunity_days number = 180 (days from opportunity to won), $k integer = 6 (attempts that count as worked through), $step choice(mql|sal|sql|opportunity) = mql (the stage at which they leaked), $class choice(rejected|recycled|disqualified|lost|never_assigned|never_touched|never_touched_since_accepted|no_show|contacted_no_decision|worked_no_answer|gave_up_early|still_worked|open_past_window|not_recorded) (nothing for all), $hand_over_hours number = 24 (hours from MQL to hand-over), $touch_hours number = 24 (hours from hand-over to the first attempt), $stale_days number = 14 (days without a change of stage), $cap integer = 500 (most open leads of a rep), $most integer = 100 (rows at most), $skipped integer = 0 (rows to pass over), $only_recorded flag = false (where touches or owners are recorded of only some teams, months or leads, judge only these)
-- needs: touches (said by leaked_as), owners (said by leaked_as)
with
page as materialized (
    select
        classed.episode_no,
        classed.pass_no,
        classed.opened_at,
        classed.entered_at,
        classed.class,
        classed.left_at,
        count(*) over () as total
    from
        classed_steps(
            $since, $until, $wanted, $fields, $unless_fields, $unless_values, $episodes, $mql_days, $sal_days, $sql_days, $opportunity_days, $k,
            $only_recorded
        ) as classed
    where classed.stage = $step and classed.class is not null and ($class is null or classed.class = $class)
    order by classed.entered_at desc, classed.episode_no desc
    limit
        $most
        offset $skipped
)

select
    leads.lead_id,
    leads.company,
    counted.source,
    leads.source as source_today,
    page.pass_no,
    page.opened_at,
    page.entered_at,
    page.class as leaked_as,
    (
        select string_agg(leak_flags.flag, ', ' order by leak_flags.place)
        from leak_flags
        where flagged.flags & known.flags & leak_flags.bit > 0
    ) as flags,
    page.left_at as outcome_at,
    episodes.exit_reason as reason,
    episodes.rep_id,
    episodes.team,
    leads.last_touch_at,
    leads.last_activity_at,
    page.total
from page
inner join pass_flags($hand_over_hours, $touch_hours, $stale_days, $cap) as flagged on flagged.episode_no = page.episode_no
inner join (
    select on_record.episode_no, flags_on_record(on_record.touches_from <= stages.stage_rank, on_record.owners_from <= stages.stage_rank) as flags
    from pass_record($only_recorded) as on_record
    inner join stages on stages.stage = $step
) as known on known.episode_no = page.episode_no
inner join episodes on episodes.episode_no = page.episode_no
inner join leads on leads.lead_no = episodes.lead_no
left join counted_sources() as counted on counted.episode_no = page.episode_no
order by page.entered_at desc, page.episode_no desc;
