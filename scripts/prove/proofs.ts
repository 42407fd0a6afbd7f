import type { Proof } from './proof.ts';
import { accessProofs } from './proofs/access.ts';
import { doorProofs } from './proofs/doors.ts';
import { inputProofs } from './proofs/input.ts';
import { lifeProofs } from './proofs/life.ts';
import { ownDataProofs } from './proofs/own-data.ts';
import { tellingProofs } from './proofs/telling.ts';

/** Every protection that is taken out, by topic. */
export const proofs: readonly Proof[] = [
  ...doorProofs,
  ...accessProofs,
  ...lifeProofs,
  ...inputProofs,
  ...tellingProofs,
  ...ownDataProofs,
];
