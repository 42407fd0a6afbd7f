import type fc from 'fast-check';
import { checkCalls } from './check-calls.ts';
import { checkRecords } from './check-records.ts';
import { type Call, playCaller } from './play-caller.ts';
import type { Scenario } from './scenario.ts';
import { Schedule, withPauses } from './schedule.ts';
import { readStored } from './stored.ts';
import type { Tally } from './tally.ts';
import { AS_IT_IS } from './variant.ts';
import { World } from './world.ts';

/** Plays a scenario in the order that `scheduler` gives it, heals, and returns what was broken. */
export const simulate = async (
  scenario: Scenario,
  scheduler: fc.Scheduler,
  tally: Tally,
  variant = AS_IT_IS,
): Promise<string[]> => {
  const schedule = new Schedule(scheduler);
  const world = new World(scenario, schedule, tally, variant);
  const calls: Call[] = [];
  await world.open();
  const failures = await withPauses(schedule, async () => {
    const callers = scenario.callers.map((caller, index) =>
      playCaller(world, caller, `caller ${index}`, calls),
    );
    const played = await schedule.finish(Promise.allSettled(callers));
    const healed = await schedule.finish(Promise.allSettled([world.heal()]));
    return [...played, ...healed].flatMap((each) => (each.status === 'rejected' ? [each.reason] : []));
  });
  tally.add('runs', 'finished');
  for (const { name, outcome } of calls) {
    tally.add(name, outcome.kind === 'refused' ? `refused ${outcome.code}` : outcome.kind);
  }
  const stored = await readStored(world.calm);
  return [
    ...failures.map((failure) => `failed with ${failure}`),
    ...checkCalls(calls, stored),
    ...world.violations,
    ...checkRecords(stored),
  ];
};
