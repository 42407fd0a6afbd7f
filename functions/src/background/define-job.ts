import * as logger from 'firebase-functions/logger';
import { onSchedule } from 'firebase-functions/scheduler';
import { withSweepDeadline } from 'kb-sessions/firestore';
import { type Services, services } from '../services.ts';
import { runInBackground } from './run-in-background.ts';

/** The platform ends a run after this time. */
export const TIMEOUT_SECONDS = 540;
/** The time left to finish the pages that have begun. */
const MARGIN_SECONDS = 40;
/** The time in which a run begins pages. */
export const RUN_BUDGET_MS = (TIMEOUT_SECONDS - MARGIN_SECONDS) * 1000;

/** A trigger usually runs within seconds. It lost an event that is older than this, or fails on it repeatedly. */
export const TRIGGER_GRACE_MS = 10 * 60 * 1000;

type Budget = { deadline: number; clock: () => number };
type Job = {
  name: string;
  schedule: string;
  /** The message of the log line that reports a run. */
  message: string;
  /** Returns what the run did, and the first failure that it continued after. */
  run(services: Services, budget: Budget): Promise<{ failure?: unknown }>;
};

/**
 * Defines a scheduled function that begins no page after {@link RUN_BUDGET_MS}, logs what it did, and then fails if
 * a part of it failed.
 */
export const defineJob = ({ name, schedule, message, run }: Job) =>
  onSchedule({ schedule, timeoutSeconds: TIMEOUT_SECONDS }, async () => {
    const { context, ...others } = services();
    await runInBackground(name, async () => {
      const deadline = Date.now() + RUN_BUDGET_MS;
      const { failure, ...report } = await run(
        { ...others, context: withSweepDeadline(context) },
        { deadline, clock: Date.now },
      );
      logger.info(message, report);
      if (failure) throw failure;
    });
  });
