import fc from 'fast-check';
import type { Call } from './call.ts';
import { checkAnswers } from './check-answers.ts';
import { checkCalls } from './check-calls.ts';
import { checkErased, withoutErased } from './check-erased.ts';
import { checkOrder } from './check-order.ts';
import { checkRecords } from './check-records.ts';
import { checkTold } from './check-told.ts';
import type { Coverage } from './coverage.ts';
import type { History } from './history.ts';
import { playTab } from './play-tab.ts';
import { recover } from './recover.ts';
import type { Scenario } from './scenario.ts';
import { Schedule } from './schedule.ts';
import { SimulatedDeployment } from './simulated-deployment.ts';
import { readStored } from './stored.ts';
import { type Trace, traceTo } from './trace.ts';
import { AS_IT_IS, type Variant } from './variant.ts';
import { VirtualTime, withVirtualTime } from './virtual-time.ts';

const START = Date.parse('2026-03-01T23:50:00.000Z');

export type Options = {
  tally: Coverage;
  variant?: Variant;
  /** Is given a line for each step. */
  write?: (line: string) => void;
};

/** Plays a scenario, heals, and returns what was broken. The same scenario is played the same. */
export const simulate = (
  scenario: Scenario,
  { tally, variant = AS_IT_IS, write }: Options,
): Promise<string[]> => {
  const time = new VirtualTime(START);
  const schedule = new Schedule(schedulerFrom(scenario.seed), time);
  const random = randomFrom(scenario.seed);
  const trace: Trace = write ? traceTo(write, () => time.now() - START) : () => {};
  return withVirtualTime(time, random, async () => {
    const world = new SimulatedDeployment({ scenario, schedule, time, random, tally, variant, trace });
    await world.open();
    const playing = scenario.tabs.map((tab, index) => playTab(world, tab, `tab ${index}`));
    const restless: string[] = [];
    try {
      await schedule.finish(Promise.all(playing));
      restless.push(...(await schedule.finish(recover(world, scenario))));
    } catch (error) {
      return [`failed with ${error instanceof Error ? error.stack : error}`];
    }
    count(world.history, tally);
    const { ever, erased } = world.history;
    const stored = await readStored(world.calm, ever);
    const kept = withoutErased(world.history);
    return [
      ...restless,
      ...world.history.violations,
      ...checkErased(world.history, stored),
      ...checkCalls(kept, stored),
      ...checkAnswers(kept, stored),
      ...checkTold(kept, scenario, stored),
      ...(erased.size > 0 ? [] : checkOrder(kept, scenario, stored)),
      ...checkRecords(stored, ever),
    ];
  });
};

const WRITES = ['createSession', 'addMessage', 'addMessages'];

const count = ({ calls, requests }: History, tally: Coverage): void => {
  tally.add('runs', 'finished');
  for (const { name, outcome } of calls) {
    tally.add(WRITES.includes(name) ? 'acknowledgements' : 'other calls', kindOf(outcome));
    tally.add('calls', name);
  }
  const longest = Math.max(0, ...requests.map(({ from, to }) => to.ms - from.ms));
  tally.add('longest answer of a run', `up to ${Math.ceil(longest / 1000)} s`);
};

const kindOf = (outcome: Call['outcome']): string => {
  if (outcome.kind === 'fail') return `refused as ${outcome.reason ?? outcome.code}`;
  if (outcome.kind === 'unknown') return outcome.code;
  return 'durability' in outcome.answer ? outcome.answer.durability : 'answered';
};

const schedulerFrom = (seed: number): fc.Scheduler => {
  const [scheduler] = fc.sample(fc.scheduler(), { seed, numRuns: 1 });
  if (!scheduler) throw new Error('a sample of one is one');
  return scheduler;
};

/** Numbers from 0 up to 1, always the same ones for one seed (mulberry32). */
const randomFrom = (seed: number) => {
  let state = seed | 0;
  return (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
};
