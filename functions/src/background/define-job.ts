import * as logger from 'firebase-functions/logger';
import { onSchedule } from 'firebase-functions/scheduler';
import { type Services, services } from '../services.ts';
import { runInBackground } from './run-in-background.ts';
import { withSweepDeadline } from 'kb-sessions';
import { RUN_BUDGET_MS, TIMEOUT_SECONDS } from './run-times.ts';

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
