-- The 95 % Wilson score interval of k of n (Wilson 1927), as plumbline/statistics/shares.py has it; null for n = 0.
create macro wilson_low(k, n) as case
    when n = 0 then null
    when k = 0 then 0.0
    else greatest(
        0.0,
        (k + 1.9207294103470618) / (n + 3.8414588206941236)
        - 1.959963984540054 / (n + 3.8414588206941236) * sqrt(k * (n - k) / nullif(n, 0) + 0.9603647051735309)
    )
end;
create macro wilson_high(k, n) as case
    when n = 0 then null
    when k = n then 1.0
    else least(
        1.0,
        (k + 1.9207294103470618) / (n + 3.8414588206941236)
        + 1.959963984540054 / (n + 3.8414588206941236) * sqrt(k * (n - k) / nullif(n, 0) + 0.9603647051735309)
    )
end;
