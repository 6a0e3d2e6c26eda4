-- The attempts on the leads that the filters choose, as long as nobody had reached them; is_contact: it was the one that did.
create macro chosen_attempts(p_since, p_until, p_wanted, p_fields, p_unless_fields, p_unless_values, p_passes, p_each) as table
select made.*, coalesce(chosen.contact_attempt = made.attempt_no, false) as is_contact
from attempts as made
inner join judged_follow_ups(p_since, p_until, p_wanted, p_fields, p_unless_fields, p_unless_values, p_passes, p_each) as chosen
    on chosen.episode_no = made.episode_no
where made.is_before_contact;
