import { raw } from '../sql/sql.ts';

/** What a record came to; each has one state at a time. */
export const RECORD_STATES = ['promoted', 'duplicate', 'held', 'failed', 'waiting'] as const;
export type RecordState = (typeof RECORD_STATES)[number];

/**
 * The state of a record, as `r`. One that failed only because the row that it refers to is missing is failed, although each
 * promotion judges it again.
 */
export const STATE_OF_RECORD = raw(
  `CASE WHEN r.promoted THEN 'promoted' WHEN r.duplicate THEN 'duplicate' WHEN r.held_by IS NOT NULL THEN 'held'
    WHEN r.failed THEN 'failed' ELSE 'waiting' END`,
);

/** A failed record that is judged again, because only the row that it refers to is missing. */
export const LACKS_PARENT = raw('(r.failed AND r.waits AND r.held_by IS NULL)');
