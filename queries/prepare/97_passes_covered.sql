-- One row per pass, for what is recorded of only some: its month and team, how far it came, whether it is old enough to have been followed up, and
-- whether a person tried it, or it was handed over, within 30 days of its opening.
select
    passes.episode_no,
    mqls.opened_month as month,
    passes.team::varchar as team,
    passes.opened_at,
    case
        when passes.won_at is not null then 5
        when passes.opportunity_at is not null then 4
        when passes.sql_at is not null then 3
        when passes.sal_at is not null then 2
        else 1
    end as reached,
    passes.opened_at <= $data_through - interval 14 day as is_old,
    least(tried.first_attempt_at, tried.first_contact_at) as touches_at,
    passes.handed_over_at as owners_at,
    coalesce(least(tried.first_attempt_at, tried.first_contact_at) <= passes.opened_at + interval 30 day, false) as touches,
    coalesce(passes.handed_over_at <= passes.opened_at + interval 30 day, false) as owners
from history.main.episodes as passes
inner join history.main.steps as mqls on mqls.episode_no = passes.episode_no and mqls.stage_rank = 1
inner join history.main.follow_ups as tried on tried.episode_no = passes.episode_no
order by passes.episode_no;
