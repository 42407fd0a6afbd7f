import fc from 'fast-check';
import type { Feedback } from 'kb-sessions-contract/records';
import type { CallStep, Job, Named, Step, TabStep, Target, Trait, WorldStep } from './scenario.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

export const kind = <Kind extends string>(...kinds: Kind[]) => fc.constantFrom(...kinds);
const nth = fc.nat({ max: 3 });
export const instance = fc.nat({ max: 2 });
const named = fc.constantFrom<Named>('own', 'own', 'own', 'new', 'new', 'newer', 'foreign');
const session = fc.oneof({ weight: 2, arbitrary: named }, fc.constant<Target>('latest'));
const recover = fc.boolean();
const awaited = fc.constantFrom(true, true, false);

const append = fc.record({
  kind: kind('append'),
  session,
  recover,
  count: fc.constantFrom(1, 1, 2, 3),
  trait: fc.constantFrom<Trait>('question', 'answer', 'confident', 'escalates'),
  awaited,
});
const meddled = fc.constantFrom(false, false, false, true);
const rating = fc.constantFrom<Feedback>('positive', 'negative');

const callStep: fc.Arbitrary<CallStep> = fc.oneof(
  { weight: 9, arbitrary: append },
  { weight: 3, arbitrary: fc.record({ kind: kind('create'), session: named, awaited }) },
  { weight: 4, arbitrary: fc.record({ kind: kind('get'), session, recover, awaited }) },
  { weight: 4, arbitrary: fc.record({ kind: kind('history', 'end', 'end', 'escalate'), session, awaited }) },
  { weight: 2, arbitrary: fc.record({ kind: kind('again'), nth, meddled, awaited }) },
  { weight: 1, arbitrary: fc.record({ kind: kind('feedback'), nth, rating, awaited }) },
  { weight: 1, arbitrary: fc.record({ kind: kind('list'), awaited }) },
);

const tabStep: fc.Arbitrary<TabStep> = fc.oneof(
  {
    weight: 2,
    arbitrary: fc.record({
      kind: kind('wait'),
      ms: fc.constantFrom(5, 20, 300, 1_500, 5_100, 30 * SECOND, 61 * SECOND, 5 * MINUTE, 11 * MINUTE),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: kind('meet'), ms: fc.constantFrom(SECOND, 90 * SECOND, 5 * MINUTE) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: kind('expiry'), session: named, ms: fc.integer({ min: -5, max: 30 }) }),
  },
  { weight: 1, arbitrary: fc.constant<TabStep>({ kind: 'reopen' }) },
);

const outage = (ms: fc.Arbitrary<number>) =>
  fc.record({
    kind: kind('outage'),
    instance: fc.constantFrom<number | 'all'>('all', 'all', 0, 1, 2),
    ms,
    how: kind('refused', 'refused', 'silent', 'flapping', 'contended'),
  });

const worldStep: fc.Arbitrary<WorldStep> = fc.oneof(
  {
    weight: 4,
    arbitrary: outage(fc.constantFrom(50, 400, 4 * SECOND, 20 * SECOND, 70 * SECOND, 10 * MINUTE)),
  },
  { weight: 2, arbitrary: fc.record({ kind: kind('kill'), instance, lands: fc.boolean() }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom<WorldStep>(
      { kind: 'shared away', ms: 30 },
      { kind: 'shared away', ms: 4 * SECOND },
    ),
  },
  { weight: 1, arbitrary: fc.constant<WorldStep>({ kind: 'shared lost' }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: kind('job'),
      job: fc.constantFrom<Job>('sweep', 'sweep', 'reconcile'),
      times: fc.integer({ min: 1, max: 2 }),
    }),
  },
);

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: callStep },
  { weight: 1, arbitrary: tabStep },
  { weight: 1, arbitrary: worldStep },
);

/** Calls at once on one session after a while, or just before it expires; then perhaps it is swept. */
export const race: fc.Arbitrary<Step[]> = fc
  .record({
    pause: fc.constantFrom<'expiry' | number>('expiry', 'expiry', 5, 61 * SECOND),
    ms: fc.integer({ min: 5, max: 15 }),
    session: named,
    calls: fc.array(callStep, { minLength: 2, maxLength: 3 }),
    sweeps: fc.integer({ min: 0, max: 2 }),
  })
  .map(({ pause, ms, session: raced, calls, sweeps }): Step[] => [
    pause === 'expiry' ? { kind: 'expiry', session: raced, ms } : { kind: 'wait', ms: pause },
    ...calls.map((call) => ({ ...('session' in call ? { ...call, session: raced } : call), awaited: false })),
    { kind: 'wait', ms },
    { kind: 'job', job: 'sweep', times: sweeps },
  ]);

/** Calls in an outage that may last longer than a session. */
const away: fc.Arbitrary<Step[]> = fc
  .record({
    outage: outage(fc.constantFrom(4 * SECOND, 70 * SECOND, 25 * MINUTE)),
    calls: fc.array(callStep, { minLength: 1, maxLength: 3 }),
    pause: tabStep,
    reads: fc.array(fc.record({ kind: kind('get'), session, recover, awaited }), { maxLength: 2 }),
  })
  .map(({ outage: begun, calls, pause, reads }) => [begun, ...calls, pause, ...reads]);

/** What a tab does: mostly one thing after another. */
export const phrase: fc.Arbitrary<Step[]> = fc.oneof(
  { weight: 7, arbitrary: step.map((one) => [one]) },
  { weight: 1, arbitrary: race },
  { weight: 1, arbitrary: away },
);
