import fc from 'fast-check';
import type { ModelFault } from 'kb-sessions-testing';
import type { Feedback } from '../../src/session/records.ts';

/** Numbers stand for sessions, messages and instances; what they become is the run's. */
export type Step =
  | { kind: 'create' | 'end' | 'escalate'; session: number }
  | { kind: 'get'; session: number; recover: boolean }
  | { kind: 'append'; session: number; recover: boolean; count: number; trait: Trait }
  /** Offers an append of this caller once more. */
  | { kind: 'again'; nth: number }
  | { kind: 'feedback'; nth: number; rating: Feedback }
  | { kind: 'wait'; minutes: number }
  | { kind: 'sweep' }
  | { kind: 'reconcile' };

export type Trait = 'question' | 'answer' | 'confident' | 'escalates';

export type Caller = {
  owner: 'ann' | 'bob';
  instance: number;
  /** How often it offers a call that was not answered clearly; then it gives up. */
  tries: number;
  steps: Step[];
};

export type Scenario = {
  callers: Caller[];
  /** What reads and commits meet, in the order they are sent; those after the last pass. */
  faults: { reads: ModelFault[]; commits: ModelFault[] };
  /** How often the creation of each message is delivered to the trigger, in turn. */
  deliveries: number[];
};

const UNCLEAR = [14, 4, 13, 2, 8];
const ABORTED = 10;

const failing = (kind: 'before' | 'after', codes: number[]): fc.Arbitrary<ModelFault> =>
  fc.constantFrom(...codes).map((code): ModelFault => ({ kind, code }));

const passing = { weight: 7, arbitrary: fc.constant<ModelFault>({ kind: 'pass' }) };
const readFault = fc.oneof(passing, failing('before', UNCLEAR));
const commitFault = fc.oneof(
  passing,
  failing('before', [...UNCLEAR, ABORTED]),
  { weight: 2, arbitrary: failing('after', UNCLEAR) },
  fc.constantFrom<ModelFault>({ kind: 'late' }, { kind: 'repeated' }),
);
const upTo = (maxLength: number) => ({ maxLength, size: 'max' }) as const;

/** Those of ann and bob are open at first, the third is whose it will be; most calls meet at the first. */
const session = fc.constantFrom(0, 0, 0, 1, 2);
const recover = fc.boolean();
const nth = fc.nat({ max: 3 });
const kindOf = <Kind extends string>(kind: Kind) => fc.constant(kind);

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 2, arbitrary: fc.record({ kind: kindOf('create'), session }) },
  {
    weight: 8,
    arbitrary: fc.record({
      kind: kindOf('append'),
      session,
      recover,
      count: fc.integer({ min: 1, max: 3 }),
      trait: fc.constantFrom<Trait>('question', 'answer', 'confident', 'escalates'),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: kindOf('again'), nth }) },
  { weight: 1, arbitrary: fc.record({ kind: kindOf('end'), session }) },
  { weight: 1, arbitrary: fc.record({ kind: kindOf('escalate'), session }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: kindOf('feedback'),
      nth,
      rating: fc.constantFrom<Feedback>('positive', 'negative'),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: kindOf('get'), session, recover }) },
  { weight: 1, arbitrary: fc.record({ kind: kindOf('wait'), minutes: fc.integer({ min: 1, max: 12 }) }) },
  { weight: 1, arbitrary: fc.constantFrom<Step>({ kind: 'sweep' }, { kind: 'reconcile' }) },
);

const caller: fc.Arbitrary<Caller> = fc.record({
  owner: fc.constantFrom('ann', 'ann', 'bob'),
  instance: fc.nat({ max: 2 }),
  tries: fc.integer({ min: 1, max: 4 }),
  steps: fc.array(step, { minLength: 2, maxLength: 8 }),
});

export const scenario: fc.Arbitrary<Scenario> = fc.record({
  callers: fc.array(caller, { minLength: 2, maxLength: 4 }),
  faults: fc.record({ reads: fc.array(readFault, upTo(60)), commits: fc.array(commitFault, upTo(40)) }),
  deliveries: fc.array(fc.nat({ max: 3 }), { minLength: 1, maxLength: 6 }),
});
