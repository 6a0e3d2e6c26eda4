-- Scorecard: of each promise of an agreement, how many of the leads that were due in a week were treated as promised, and whether that is enough.
-- grain: one row per promise, in the order of the agreement
-- unit: shares 0 to 1 and counts; of volume target and actual are numbers of leads, of open_leads the counts are reps
-- params: $week text (such as 2026-W46; empty: the last full week), $agreement text (a file; empty: the version in force on the Monday of the week)
-- then: agreement.scorecard (reads the agreement, measures what it promises with queries/promises, and counts)
select $week as asked_week, $agreement as asked_agreement
