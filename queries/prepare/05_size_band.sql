-- The band of a number of employees as sales teams use them; null for a text that is no number of at least one.
create temp macro size_band(employees) as case
    when not regexp_full_match(employees, '[+-]?[0-9]+([.][0-9]+)?([eE][+-]?[0-9]+)?') or not try_cast(employees as double) >= 1 then null
    when try_cast(employees as double) < 11 then '1-10'
    when try_cast(employees as double) < 51 then '11-50'
    when try_cast(employees as double) < 201 then '51-200'
    when try_cast(employees as double) < 501 then '201-500'
    when try_cast(employees as double) < 1001 then '501-1000'
    when try_cast(employees as double) < 5001 then '1001-5000'
    else 'over 5000'
end;
