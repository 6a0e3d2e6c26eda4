"""Meeting mode: the week one thing at a time, on one screen that a room reads. It draws from the same value as the minutes, so both say the same."""
