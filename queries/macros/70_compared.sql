-- The form in which a text is compared (plumbline/text.py): SQL's lower(), but for the texts listed in p_labels, whose forms are p_keys.
create macro compared(p_text, p_labels, p_keys) as coalesce(p_keys[list_position(p_labels, p_text)], lower(p_text));
