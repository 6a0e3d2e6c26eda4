-- Passes with an SAL of their own, from $since to $until: when a person next tried to reach the lead, or reached it at any time of the pass; released by an
-- exit or an SQL.
with
accepted as (
    select episode_no, lead_no, pass_no, opened_at, sal_at, least(sql_reached(sql_at, opportunity_at, won_at), exit_of(exit_stage, closed_at)) as released_at
    from episodes
    where sal_at between $since and $until
),

tried as (
    select accepted.episode_no, min(attempts.attempted_at) as tried_at
    from attempts
    inner join accepted on accepted.episode_no = attempts.episode_no
    where attempts.attempted_at >= accepted.sal_at
    group by accepted.episode_no
)

select
    accepted.episode_no,
    accepted.lead_no,
    accepted.pass_no,
    accepted.opened_at,
    accepted.sal_at as start_at,
    least(tried.tried_at, follow_ups.first_contact_at) as done_at,
    accepted.released_at
from accepted
inner join follow_ups on follow_ups.episode_no = accepted.episode_no
left join tried on tried.episode_no = accepted.episode_no;
