-- Behind a promise: the leads that were due in a week, from when and until when, and what became of each.
-- grain: one row per lead's pass; per stage entered for status, per open lead for open_leads; by deadline, rep, lead_id, opening, stage
-- unit: instants, UTC; met_at: when it happened, also before the start or too late; empty if not
-- params: $promise text (its name in the agreement), $week text (such as 2026-W46; empty: the last full week), $agreement text (a file; empty: in force)
-- then: agreement.behind (reads the agreement, and measures the promise with queries/promises)
select $promise as asked_promise, $week as asked_week, $agreement as asked_agreement
