-- The median amount of the deals of leads that were won; of all deals where no lead was.
with
sized as (
    select deals.amount, leads.stands_at = 'won' as is_of_won
    from deals
    inner join leads on leads.lead_no = deals.lead_no
    where deals.amount is not null
)

select coalesce(median(amount) filter (where is_of_won), median(amount)) as median_amount
from sized;
