-- The texts by which leads are searched, of those leads of whose texts lower(strip_accents()) is not the search form (plumbline/text.py).
select texts.lead_no, texts.search_text
from (
    select lead_no, concat_ws(' ', lead_id, company, email, job_title, phone, account_id) as search_text
    from lead_details
) as texts
inner join resolved_leads on resolved_leads.lead_no = texts.lead_no
where strlen(texts.search_text) <> length(texts.search_text) and not regexp_full_match(texts.search_text, $lower_is_search_form);
