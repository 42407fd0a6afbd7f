/** How long a call or a trigger sweeps, well within the 60 s that a function has. */
const SWEEP_MS = 30_000;

/** Until when to go on, from now, and the clock that tells. */
export const timeBudget = () => ({ deadline: Date.now() + SWEEP_MS, clock: Date.now });
