import { createRequire } from 'node:module';
import { join } from 'node:path';
import { Cron } from 'croner';
import type { Suite } from './emulators/suite.ts';
import { projectRoot } from './support/folders.ts';
import { isObject } from './support/is-object.ts';

const load = createRequire(import.meta.url);

/** A scheduled function, as the code base declares it. */
export type Schedule = {
  name: string;
  region: string;
  /** Unix cron. */
  cron: string;
  timeZone: string;
};

/** The running schedules of a local suite. */
export type LocalSchedules = {
  schedules: readonly Schedule[];
  stop(): void;
};

/**
 * Finds the scheduled functions among the exports of a built code base, by the endpoint that `onSchedule` of
 * firebase-functions attaches to each.
 * @throws Error for a schedule that is no unix cron
 */
export const readSchedules = (exported: Readonly<Record<string, unknown>>): Schedule[] =>
  Object.entries(exported).flatMap(([name, value]) => {
    const endpoint = typeof value === 'function' && '__endpoint' in value ? value.__endpoint : undefined;
    const trigger = isObject(endpoint) ? endpoint.scheduleTrigger : undefined;
    if (!isObject(endpoint) || !isObject(trigger)) return [];
    const { schedule, timeZone } = trigger;
    const [region] = Array.isArray(endpoint.region) ? endpoint.region : [];
    const cron = String(schedule);
    if (!isCron(cron)) throw new Error(`${name} is scheduled as "${cron}", which is no unix cron`);
    return {
      name,
      cron,
      region: typeof region === 'string' ? region : 'us-central1',
      timeZone: typeof timeZone === 'string' ? timeZone : 'UTC',
    };
  });

/** Runs a scheduled function once in the Functions emulator, as Cloud Scheduler would. */
export const fireSchedule = async (
  suite: Suite,
  { name, region }: Pick<Schedule, 'name' | 'region'>,
): Promise<void> => {
  const trigger = `${region}-${name}-0`;
  const url = `http://${suite.functions}/functions/projects/${suite.projectId}/triggers/${trigger}`;
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{}',
  });
  if (!response.ok) throw new Error(`${name} answered ${response.status}: ${await response.text()}`);
};

/** Fires each scheduled function of functions/lib at its times, because firebase-tools does not. */
export const startLocalSchedules = async (
  suite: Suite,
  report: (line: string) => void,
): Promise<LocalSchedules> => {
  const built: Readonly<Record<string, unknown>> = load(join(projectRoot, 'functions/lib/index.cjs'));
  const schedules = readSchedules(built);
  const jobs = schedules.map(
    (schedule) =>
      new Cron(schedule.cron, { timezone: schedule.timeZone, protect: true }, async () => {
        try {
          await fireSchedule(suite, schedule);
          report(`${schedule.name} ran.`);
        } catch (error) {
          report(`${schedule.name} failed: ${error instanceof Error ? error.message : error}`);
        }
      }),
  );
  return {
    schedules,
    stop: () => {
      for (const job of jobs) job.stop();
    },
  };
};

const isCron = (text: string): boolean => {
  try {
    new Cron(text, { paused: true });
    return true;
  } catch {
    return false;
  }
};
