-- How many passes entered each stage and had its usual window to go on, in days: 14, 45, 45, 180.
select entered.stage_rank, count(*) as n
from history.main.steps as entered
where
    entered.stage_rank < 5
    and entered.entered_at <= $data_through - to_days(case entered.stage_rank when 1 then 14 when 4 then 180 else 45 end)
group by entered.stage_rank
order by entered.stage_rank;
