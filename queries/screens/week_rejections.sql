-- Rejections by class of the reason given (all passes): of the week ($now to $last), and of the time before it ($first to $now).
select
    gone.reason,
    count(*) filter (where gone.left_at >= $now) as n,
    count(*) filter (where gone.left_at < $now) as n_before
from reasoned_passes(null, null, null, 0, null, null, 'all', $reasons) as gone
where gone.class = 'rejected' and gone.left_at >= $first and gone.left_at < $last
group by gone.reason
order by n desc, n_before desc, gone.reason
