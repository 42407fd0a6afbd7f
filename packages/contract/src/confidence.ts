import type { Session } from './records.ts';

/** Confidence is counted in whole ten-thousandths, because a sum of fractions depends on its order. */
export const CONFIDENCE_UNIT = 10_000;

/** The average confidence of a session's answers, 0 to 1; null before the first answer with a confidence. */
export const averageConfidence = ({
  confidence_sum,
  confidence_count,
}: Pick<Session, 'confidence_sum' | 'confidence_count'>): number | null =>
  confidence_count === 0 ? null : confidence_sum / confidence_count / CONFIDENCE_UNIT;
