-- When a stage was reached: at the earliest of its own event and those of later stages, also where a later one came first.
create macro sal_reached(p_sal_at, p_sql_at, p_opportunity_at, p_won_at) as least(p_sal_at, p_sql_at, p_opportunity_at, p_won_at);
create macro sql_reached(p_sql_at, p_opportunity_at, p_won_at) as least(p_sql_at, p_opportunity_at, p_won_at);
-- When a pass was left, by an exit; null where it is open or won.
create macro exit_of(p_exit_stage, p_closed_at) as case when p_exit_stage is not null then p_closed_at end;
-- The beginning of the day after an instant, in a time zone.
create macro next_day(p_instant, p_zone) as
timezone('UTC', timezone(p_zone, (timezone(p_zone, timezone('UTC', p_instant))::date + 1)::timestamp));
