-- The cells of a definition that asks about no field.
select null::integer as lead_no, null::integer as field_no, null::varchar as cell
where false
