import type { Session } from './records.ts';

/** The unit of stored confidence: one ten-thousandth. Sums of whole numbers do not depend on the order of their parts. */
export const CONFIDENCE_UNIT = 10_000;

/** The average confidence of the answers of a session, 0 to 1; null if no answer has a confidence. */
export const averageConfidence = ({
  confidence_sum,
  confidence_count,
}: Pick<Session, 'confidence_sum' | 'confidence_count'>): number | null =>
  confidence_count === 0 ? null : confidence_sum / confidence_count / CONFIDENCE_UNIT;
