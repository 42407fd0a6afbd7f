import type { Proof } from './proof.ts';
import { accessProofs } from './proofs/access.ts';
import { doorProofs } from './proofs/admission.ts';
import { ownDataProofs } from './proofs/data-rights.ts';
import { tellingProofs } from './proofs/disclosure.ts';
import { inputProofs } from './proofs/input.ts';
import { lifeProofs } from './proofs/lifecycle.ts';

/** Every protection that is taken out, by topic. */
export const proofs: readonly Proof[] = [
  ...doorProofs,
  ...accessProofs,
  ...lifeProofs,
  ...inputProofs,
  ...tellingProofs,
  ...ownDataProofs,
];
