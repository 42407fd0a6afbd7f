import { expireSessions as sweep } from 'kb-sessions/firestore';
import { defineJob } from './define-job.ts';

/** Ends sessions that are idle or too old. A run may overlap the next, and what it leaves the next one takes. */
export const expireSessions = defineJob({
  name: 'expireSessions',
  schedule: '*/5 * * * *',
  message: 'sessions.expired',
  run: ({ context }, budget) => sweep(context, budget),
});
