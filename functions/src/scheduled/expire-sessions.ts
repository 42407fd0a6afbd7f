import { expireSessions as sweep } from '../session/index.ts';
import { job } from './job.ts';

/** Ends sessions that are idle or too old. A run may overlap the next, and what it leaves the next one takes. */
export const expireSessions = job({
  name: 'expireSessions',
  schedule: '*/5 * * * *',
  message: 'sessions.expired',
  run: ({ setup }, budget) => sweep(setup, budget),
});
