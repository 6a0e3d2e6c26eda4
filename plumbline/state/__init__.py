"""The app's own store: drafts, agreements, meetings, and a log of every change. Not the history, which is never written to here.

address      where it is: one SQLite file in the home folder, or a database of PostgreSQL
tables       what lies in it
opening      reading() and writing(): a connection in a transaction; whoever writes waits for whoever writes
migrate      moves an older store forward; migrations/ says how, step by step
audit        one row per change, chained by hashes
drafts, agreements, signing, endings     rows in, rows out
faults       what a database says, as one line
"""
