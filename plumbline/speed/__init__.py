"""How fast leads are followed up: the clocks between MQL, hand-over, first attempt and first contact, and what they are by group.

waits     the instants of each pass, as columns
clocks    time on the clock, or time in which the team was open
delays    how long each pass waited and whether it came to an end; shares in time and quantiles, for all and by group
precision whether instants have a time of day at all
load      how many open leads a rep had when a lead was handed over, and has now
calls     who should be called now, in order of urgency
"""
