import { finishErasures as finish } from '../session/index.ts';
import { job } from './job.ts';

/** Sweeps users who were erased: a second time, and where a first sweep was cut short. A run may overlap the next. */
export const finishErasures = job({
  name: 'finishErasures',
  schedule: '*/5 * * * *',
  message: 'users.erased',
  run: ({ setup, store }, budget) => finish(setup, { forget: (owner) => store.forget(owner), ...budget }),
});
