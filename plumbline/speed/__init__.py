"""How fast leads are followed up: the clocks between MQL, hand-over, first attempt and first contact, and what they are by group.

waits           the instants of each pass, as columns
delays          how long each pass waited, by a clock, and whether it came to an end; shares in time and quantiles, for all and by group
promise         a first touch within so long for such a share of the leads, held against what was done
around_closing  which leads came just before their team closed, and which just after
calls           who should be called now, in order of urgency; signs: who is hot, and by which act; why_call: the reason in words
"""
