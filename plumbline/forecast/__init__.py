"""What the open leads should bring: SQLs and won deals to come, from how leads went on before (docs/leaks.md, "To come").

ages      bins of the time since a stage was entered        rates   how often leads of an age go on or leave, overall and by group
chances   from rates to the chance of each open lead, compiled       ahead   the metric forecast/open
"""
