import * as logger from 'firebase-functions/logger';
import { onSchedule } from 'firebase-functions/scheduler';
import { withSweepDeadline } from 'kb-sessions/firestore';
import { type Services, services } from '../services.ts';
import { runInBackground } from './run-in-background.ts';

type Budget = { deadline: number; clock: () => number };
type Job = {
  name: string;
  schedule: string;
  /** The message of the log line that says what a run came to. */
  message: string;
  /** What it came to, and the first of the failures that it went on after. */
  run(instance: Services, budget: Budget): Promise<{ failure?: unknown }>;
};

/** A scheduled function that stops in time, logs what it did, and fails after that where a part of it failed. */
export const defineJob = ({ name, schedule, message, run }: Job) =>
  onSchedule({ schedule, timeoutSeconds: TIMEOUT_SECONDS }, async () => {
    const { context, ...instance } = services();
    await runInBackground(name, async () => {
      const deadline = Date.now() + RUN_BUDGET_MS;
      const { failure, ...done } = await run(
        { ...instance, context: withSweepDeadline(context) },
        { deadline, clock: Date.now },
      );
      logger.info(message, done);
      if (failure) throw failure;
    });
  });

/** After this the platform ends a run. */
export const TIMEOUT_SECONDS = 540;
/** Time to finish the pages in hand before that. */
const MARGIN_SECONDS = 40;
/** How long a run begins pages. */
export const RUN_BUDGET_MS = (TIMEOUT_SECONDS - MARGIN_SECONDS) * 1000;

/** A trigger is usually there within seconds; what is older than this was lost or keeps failing. */
export const TRIGGER_GRACE_MS = 10 * 60 * 1000;
