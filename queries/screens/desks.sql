-- Every pass that was ever handed over: to whom, from when to when it was open. What the filters leave out lay on the desk too.
select
    handed.episode_no,
    handed.value_no as rep_no,
    epoch_us(episodes.handed_over_at) as handed_us,
    epoch_us(episodes.closed_at) as closed_us
from episodes
inner join episode_values as handed on handed.episode_no = episodes.episode_no
where
    handed.field_no = (select fields.field_no from fields where fields.built_in = 'rep')
    and episodes.handed_over_at is not null
order by handed.episode_no;
