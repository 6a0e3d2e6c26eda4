-- The classed steps of the chosen episodes, with whose side each leak is on. fit: the reason says that the lead did not fit. follow_up: a sales promise
-- was missed: no attempt within p_touch_hours of the hand-over (of the opening where there was none), or not the promised calls and emails in time; after
-- the acceptance, nobody tried since, or the meeting was missed and left. outside: a reason that nobody in the company controls. Else neither.
-- unknown: it is not on record whether a promise was missed (p_each: of this pass).
create macro sided_steps(
    p_since, p_until, p_wanted, p_fields, p_unless_fields, p_unless_values, p_passes, p_mql_days, p_sal_days, p_sql_days, p_opportunity_days, p_k,
    p_calls, p_emails, p_days, p_touch_hours, p_fit_reasons, p_outside_reasons, p_each
) as table
with
promised as (
    select
        passes.episode_no,
        case when passes.part = 'some' and not known.knows_contacts then null else passes.part in ('some', 'none') end as is_promise_missed,
        known.touches_from,
        about.data_through >= passes.start_at + to_microseconds(cast(round(p_touch_hours * 3600000000) as bigint))
        and coalesce(least(passes.first_attempt_at, passes.released_at), about.data_through)
        > passes.start_at + to_microseconds(cast(round(p_touch_hours * 3600000000) as bigint)) as is_touch_late
    from promised_passes(p_since, p_until, p_wanted, p_fields, p_unless_fields, p_unless_values, p_passes, p_calls, p_emails, p_days, false) as passes
    inner join pass_record(p_each) as known on known.episode_no = passes.episode_no
    cross join about
),

judged as (
    select
        classed.*,
        episodes.exit_reason,
        coalesce(list_contains(p_fit_reasons, cast(episodes.exit_reason as varchar)), false) as is_fit,
        coalesce(list_contains(p_outside_reasons, cast(episodes.exit_reason as varchar)), false) as is_outside,
        case
            when promised.touches_from > classed.stage_rank or classed.class = 'not_recorded' then null
            when classed.stage_rank = 1 then promised.is_promise_missed or promised.is_touch_late
            when classed.stage_rank = 2 then coalesce(classed.class in ('never_touched_since_accepted', 'no_show', 'gave_up_early'), false)
            else false
        end as is_missed
    from classed_steps(
        p_since, p_until, p_wanted, p_fields, p_unless_fields, p_unless_values, p_passes, p_mql_days, p_sal_days, p_sql_days, p_opportunity_days, p_k,
        p_each
    ) as classed
    inner join promised on promised.episode_no = classed.episode_no
    inner join episodes on episodes.episode_no = classed.episode_no
)

select
    judged.*,
    case
        when judged.class is null then null
        when judged.is_fit and judged.is_missed then 'both'
        when judged.is_fit then 'fit'
        when judged.is_outside then 'outside'
        when judged.is_missed is null then 'unknown'
        when judged.is_missed then 'follow-up'
        else 'neither'
    end as side
from judged;
