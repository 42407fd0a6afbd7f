import fc from 'fast-check';
import { anyScenario } from './any-scenario.ts';
import type { Scenario, Step } from './scenario.ts';

/** What was sent must land before the second sweep, which comes 15 minutes after the first. */
const LONGEST_OUTAGE_MS = 10 * 60_000;

const notTooLong = (step: Step): Step =>
  step.kind === 'outage' ? { ...step, ms: Math.min(step.ms, LONGEST_OUTAGE_MS) } : step;

/** Any scenario in the midst of which somebody deletes all that ann has, perhaps twice, and the jobs go on with it. */
export const erasingScenario: fc.Arbitrary<Scenario> = fc
  .record({
    scenario: anyScenario,
    at: fc.nat({ max: 6 }),
    asked: fc.integer({ min: 1, max: 2 }),
    jobs: fc.nat({ max: 2 }),
  })
  .map(({ scenario, at, asked, jobs }): Scenario => {
    const [first, ...others] = scenario.tabs;
    if (!first) return scenario;
    const erasing = [
      ...Array.from({ length: asked }, () => ({ kind: 'erase' }) as const),
      { kind: 'job', job: 'erasures', times: jobs } as const,
    ];
    const tab = { ...first, steps: first.steps.toSpliced(at, 0, ...erasing) };
    const tabs = [tab, ...others].map(({ steps, ...rest }) => ({ ...rest, steps: steps.map(notTooLong) }));
    return { ...scenario, tabs };
  });
