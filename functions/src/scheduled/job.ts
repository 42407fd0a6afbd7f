import * as logger from 'firebase-functions/logger';
import { onSchedule } from 'firebase-functions/scheduler';
import { type Instance, theInstance } from '../compose.ts';
import { inBackground } from '../in-background.ts';
import { patient } from '../session/index.ts';
import { RUN_MS, TIMEOUT_SECONDS } from './run-times.ts';

type Budget = { deadline: number; clock: () => number };
type Job = {
  name: string;
  schedule: string;
  /** The message of the log line that says what a run came to. */
  message: string;
  /** What it came to, and the first of the failures that it went on after. */
  run(instance: Instance, budget: Budget): Promise<{ failure?: unknown }>;
};

/** A scheduled function that stops in time, logs what it did, and fails after that where a part of it failed. */
export const job = ({ name, schedule, message, run }: Job) =>
  onSchedule({ schedule, timeoutSeconds: TIMEOUT_SECONDS }, async () => {
    const { setup, ...instance } = theInstance();
    await inBackground(name, async () => {
      const deadline = Date.now() + RUN_MS;
      const { failure, ...done } = await run(
        { ...instance, setup: patient(setup) },
        { deadline, clock: Date.now },
      );
      logger.info(message, done);
      if (failure) throw failure;
    });
  });
