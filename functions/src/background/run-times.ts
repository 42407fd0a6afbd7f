/** After this the platform ends a run. */
export const TIMEOUT_SECONDS = 540;
/** Time to finish the pages in hand before that. */
const MARGIN_SECONDS = 40;
/** How long a run begins pages. */
export const RUN_BUDGET_MS = (TIMEOUT_SECONDS - MARGIN_SECONDS) * 1000;

/** A trigger is usually there within seconds; what is older than this was lost or keeps failing. */
export const TRIGGER_GRACE_MS = 10 * 60 * 1000;
