import fc from 'fast-check';
import type { ModelFault } from 'kb-sessions-testing';
import { instance, kind, phrase, race } from './any-step.ts';
import { LONGEST_MS, type Passage, type Scenario, type Step, type TabPlan } from './scenario.ts';

const UNCLEAR = [14, 4, 13, 2, 8];
const ABORTED = 10;
const SECOND = 1_000;
const MINUTE = 60 * SECOND;

const upTo = (maxLength: number) => ({ maxLength, size: 'max' }) as const;

const tabOf = (steps: fc.Arbitrary<Step[][]>): fc.Arbitrary<TabPlan> =>
  fc.record({
    device: fc.constantFrom(0, 0, 0, 1, 1, 2, 2, 3),
    route: fc.oneof(
      instance.map((one) => [one]),
      fc.array(instance, { minLength: 1, maxLength: 6 }),
    ),
    steps: steps.map((phrases) => phrases.flat()),
  });

const tab = tabOf(fc.array(phrase, { minLength: 2, maxLength: 9 }));
const racingTab = tabOf(fc.array(race, { minLength: 1, maxLength: 3 }));

const failing = (when: 'before' | 'after', codes: number[]): fc.Arbitrary<ModelFault> =>
  fc.constantFrom(...codes).map((code): ModelFault => ({ kind: when, code }));

/** Within the deadline or past it. */
const slow = fc
  .tuple(kind('slow', 'silent'), fc.constantFrom(20, 500, 2_500, 15_000, LONGEST_MS))
  .map(([how, ms]): ModelFault => ({ kind: how, ms }));

const passing = { weight: 12, arbitrary: fc.constant<ModelFault>({ kind: 'pass' }) };
const readFault = fc.oneof(passing, failing('before', UNCLEAR), slow);
const commitFault = fc.oneof(
  passing,
  failing('before', [...UNCLEAR, ABORTED]),
  { weight: 2, arbitrary: failing('after', UNCLEAR) },
  fc.constantFrom<ModelFault>({ kind: 'late' }, { kind: 'repeated' }),
  slow,
);

const passage: fc.Arbitrary<Passage> = fc.oneof(
  { weight: 9, arbitrary: fc.constant<Passage>({ kind: 'passes' }) },
  kind('request lost', 'answer lost', 'given up').map((how): Passage => ({ kind: how })),
  fc.constantFrom(500, 10 * SECOND).map((ms): Passage => ({ kind: 'answered late', ms })),
);

/** Not every run has everything: what is rare where all goes wrong is met where little does. */
const sometimes = <Value>(values: fc.Arbitrary<Value[]>) => fc.oneof(fc.constant<Value[]>([]), values);

export const anyScenario: fc.Arbitrary<Scenario> = fc.record({
  instances: fc.array(
    fc.record({ skew: fc.constantFrom(0, 0, -10, 10), entries: fc.constantFrom(1000, 1000, 1, 2) }),
    { minLength: 3, maxLength: 3 },
  ),
  shared: fc.constantFrom(false, false, false, true),
  devices: fc.tuple(
    ...(['ann', 'ann', 'bob', 'agent'] as const).map((user) =>
      fc.record({ user: kind(user), gone: fc.constantFrom(false, false, false, true) }),
    ),
  ),
  tabs: fc.oneof(
    { weight: 3, arbitrary: fc.array(tab, { minLength: 1, maxLength: 4 }) },
    { weight: 1, arbitrary: fc.array(racingTab, { minLength: 2, maxLength: 3 }) },
  ),
  faults: fc.record({
    reads: sometimes(fc.array(readFault, upTo(60))),
    commits: sometimes(fc.array(commitFault, upTo(40))),
  }),
  passages: sometimes(fc.array(passage, upTo(30))),
  deliveries: fc.array(fc.array(fc.constantFrom(0, 0, 0, 30, 5 * SECOND, 20 * MINUTE), { maxLength: 3 }), {
    minLength: 1,
    maxLength: 6,
  }),
  seed: fc.noShrink(fc.nat()),
});
