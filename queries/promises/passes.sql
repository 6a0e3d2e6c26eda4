-- Every pass, by its number: when it opened, was handed over, and from when on it was no longer the lead's open one.
select
    lead_no, pass_no, epoch_us(opened_at) as opened_us, epoch_us(handed_over_at) as handed_us, epoch_us(least(closed_at, next_opened_at)) as ends_us
from episodes
order by episode_no;
