-- What the history records at all, in one row. Rows of leads that are not there, and after the end of the data, are not in it.
create view record_of_history as
select
    coalesce(bool_or(recorded.thing = 'touches' and recorded.rows > 0), false) as has_touches,
    coalesce(bool_or(recorded.thing = 'attempts' and recorded.rows > 0), false) as has_attempts,
    coalesce(bool_or(recorded.thing = 'answers' and recorded.rows > 0), false) as has_answers,
    coalesce(bool_or(recorded.thing = 'owners' and recorded.rows > 0), false) as has_owners
from recorded;
-- The steps that end at a stage which nobody of the whole history ever reached, though ten leads and more had the time: not recorded, so no leak.
create view unrecorded_steps as
select stages.stage_rank - 1 as stage_rank
from stages
inner join recorded on recorded.thing = concat('stage:', stages.stage)
where recorded.rows = 0 and list_sum(recorded.of_reach[stages.stage_rank + 1:]) = 0 and recorded.had_time >= 10;
-- What each pass can be judged by, at a step. p_each: pass by pass, where touches or owners are recorded of only some teams, months or leads; else by
-- what the whole history has. knows_contacts: whether a touch reached its lead is on record.
create macro pass_record(p_each) as table
select
    tried.episode_no,
    case
        when not history_has.has_touches or (p_each and not history_has.has_attempts) then 9
        when p_each then coalesce(blind.touches_from, 1)
        else 1
    end as touches_from,
    case when not history_has.has_owners then 9 when p_each then coalesce(blind.owners_from, 1) else 1 end as owners_from,
    not p_each or history_has.has_answers as knows_contacts
from follow_ups as tried
cross join record_of_history as history_has
left join unjudged_passes as blind on blind.episode_no = tried.episode_no;
