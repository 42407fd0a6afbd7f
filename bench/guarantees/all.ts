import { concurrentWriters } from './concurrent-writers.ts';
import { durableQuestion } from './durable-question.ts';
import { expiry } from './expiry.ts';
import type { Guarantee } from './guarantee.ts';
import { idempotency } from './idempotency.ts';
import { order } from './order.ts';
import { ownership } from './ownership.ts';

/** In the order of the columns. */
export const guarantees: readonly Guarantee[] = [
  order,
  idempotency,
  ownership,
  expiry,
  concurrentWriters,
  durableQuestion,
];
