import { finishErasures as finish } from 'kb-sessions/firestore';
import { defineJob } from './define-job.ts';

/** Sweeps users who were erased: a second time, and where a first sweep was cut short. A run may overlap the next. */
export const finishErasures = defineJob({
  name: 'finishErasures',
  schedule: '*/5 * * * *',
  message: 'users.erased',
  run: ({ context, store }, budget) => finish(context, { forget: (owner) => store.forget(owner), ...budget }),
});
