"""Where leads leak, which leaks are more than chance, what they cost and whose side they are on (docs/leaks.md).

cells      the segment of every pass in every attribute       cubes     counts of all segments and pairs of them, compiled
expected   what the leads would have done by earlier rates     candidates  segments with what was expected of them
ranking    the leaks, each once, at the level that explains    ranked    the metric leaks/ranked: class, side, value
spans      the parts of the period in which one may begin      extent     from which week on a segment leaks, and its leads
beginnings since when one leaks, and the two shares
judged     the rows of one period out of those of all time
reasons    reasons as typed -> classes                         over_time  the metric leaks/reasons_over_time: months and weeks of leaving
caught     whom a definition would have barred, rule by rule  inside    where inside a leak its leads fare worst
plugged    what if its leads had been treated like their peers  overloaded  whether full desks leak more
"""
