-- The flags of a leak, in the order in which they are told, each a bit of one number.
create view leak_flags as
select listed.flag, listed.place, listed.bit
from (
    values
    ('untouched', 1, 1), ('late_hand_over', 2, 2), ('late_first_touch', 3, 4), ('overloaded_rep', 4, 8), ('status_stale', 5, 16), ('over_60_days', 6, 32)
) as listed (flag, place, bit);
-- Which flags can be told, as bits: tries by touches, hand-over and load by owners, a late first touch by both; status_stale always.
create macro flags_on_record(p_touches, p_owners) as
16 + case when p_touches then 33 else 0 end + case when p_owners then 10 else 0 end + case when p_touches and p_owners then 4 else 0 end;
-- The flags of every pass: no attempt; the hand-over, or the first attempt after it, later than so many hours or outstanding for longer; handed over to a
-- rep with more open leads than the cap; open, without a change of stage for so many days; open, without a touch of any kind for over 60 days.
create macro pass_flags(p_hand_over_hours, p_touch_hours, p_stale_days, p_cap) as table
select
    tried.episode_no,
    case when tried.attempts = 0 then 1 else 0 end
    + case
        when
            epoch_us(coalesce(tried.handed_over_at, tried.watch_ends_at)) - epoch_us(coalesce(tried.mql_at, tried.opened_at))
            > round(p_hand_over_hours * 3600000000)
            then 2
        else 0
    end
    + case
        when
            epoch_us(coalesce(tried.first_attempt_at, tried.watch_ends_at)) - epoch_us(tried.handed_over_at) > round(p_touch_hours * 3600000000)
            then 4
        else 0
    end
    + case when tried.rep_open_leads > p_cap then 8 else 0 end
    + case
        when tried.is_open and epoch_us(about.data_through) - epoch_us(tried.stage_told_at) > round(p_stale_days * 86400000000) then 16 else 0
    end
    + case when tried.is_open and coalesce(tried.last_touch_at, tried.opened_at) < about.data_through - interval 60 day then 32 else 0 end
        as flags
from follow_ups as tried
cross join about;
-- The chosen steps that leaked or went on in time, with the flags of each pass. known: the bits of the flags that are on record of the pass.
create macro flagged_steps(
    p_since, p_until, p_wanted, p_fields, p_unless_fields, p_unless_values, p_passes, p_mql_days, p_sal_days, p_sql_days, p_opportunity_days, p_k,
    p_hand_over_hours, p_touch_hours, p_stale_days, p_cap, p_each
) as table
select
    classed.*,
    flagged.flags,
    flags_on_record(known.touches_from <= classed.stage_rank, known.owners_from <= classed.stage_rank) as known,
    classed.class is not null as is_leak,
    coalesce(classed.is_converted, false) as went_on
from classed_steps(
    p_since, p_until, p_wanted, p_fields, p_unless_fields, p_unless_values, p_passes, p_mql_days, p_sal_days, p_sql_days, p_opportunity_days, p_k,
    p_each
) as classed
inner join pass_flags(p_hand_over_hours, p_touch_hours, p_stale_days, p_cap) as flagged on flagged.episode_no = classed.episode_no
inner join pass_record(p_each) as known on known.episode_no = classed.episode_no
where classed.class is not null or classed.is_converted;
