import fc from 'fast-check';
import type { Feedback, Status } from 'kb-sessions-contract/records';
import type { Limits } from '../../src/index.ts';
import type { NewMessage } from '../../src/session-store.ts';

/** A session by where it comes from: one of a few ids, or the successor, or that one's, which an owner has of it. */
export type Ref = { base: number; hops: number; of: number };

/** A message that is new, or one that was sent before, as it was or with other content. */
export type Draft =
  | { kind: 'new'; flavour: number }
  | { kind: 'again'; back: number; change: Partial<Pick<NewMessage, 'content' | 'role' | 'metadata'>> };

/** One step of a random run. Owners, sessions and messages are named by small numbers, so that steps meet. */
export type Step =
  | { kind: 'create'; owner: number; base: number }
  | { kind: 'get'; owner: number; ref: Ref; recover: boolean }
  | {
      kind: 'append';
      owner: number;
      ref: Ref;
      recover: boolean;
      drafts: Draft[];
      context_limit: number | null;
    }
  /** An earlier append, word for word. */
  | { kind: 'append again'; back: number }
  | { kind: 'history'; owner: number; ref: Ref; limit: number; before_seq: number | null; full: boolean }
  | { kind: 'list'; owner: number; limit: number; status: Status | null }
  | { kind: 'end'; owner: number; ref: Ref }
  | { kind: 'escalate'; owner: number; ref: Ref; reason: string | null }
  | { kind: 'feedback'; owner: number; ref: Ref; back: number; rating: Feedback; comment: string | null }
  | { kind: 'advance'; ms: number }
  /** To the moment a session expires, and a millisecond to either side. */
  | { kind: 'advance to expiry'; ref: Ref; by: number }
  | { kind: 'settle' };

const rarely = (weight: number) => fc.nat({ max: weight }).map((n) => n === weight);
const owner = rarely(6).map(Number);
const ref = fc.record({
  base: fc.nat({ max: 2 }),
  hops: fc.oneof({ weight: 6, arbitrary: fc.constant(0) }, fc.constant(1), fc.constant(2)),
  of: owner,
});
const change = fc.oneof(
  { weight: 4, arbitrary: fc.constant({}) },
  fc.constantFrom<Partial<NewMessage>[]>(
    { content: 'something else' },
    { role: 'assistant' },
    { metadata: { intent: 'something else' } },
  ),
);
const draft: fc.Arbitrary<Draft> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ kind: fc.constant('new' as const), flavour: fc.nat({ max: 3 }) }) },
  fc.record({ kind: fc.constant('again' as const), back: fc.nat({ max: 5 }), change }),
);
const limit = fc.integer({ min: 1, max: 5 });
const text = fc.constantFrom(null, 'one', 'two');
const back = fc.nat({ max: 5 });
const kind = <Kind extends Step['kind']>(name: Kind) => fc.constant(name);

/** Steps that meet the limits they are played against: most appends, most by the one owner, most times near an edge. */
export const stepArbitrary = ({ touchIntervalMs, idleTimeoutMs, lifetimeMs }: Limits): fc.Arbitrary<Step> =>
  fc.oneof(
    { weight: 3, arbitrary: fc.record({ kind: kind('create'), owner, base: fc.nat({ max: 2 }) }) },
    { weight: 4, arbitrary: fc.record({ kind: kind('get'), owner, ref, recover: fc.boolean() }) },
    {
      weight: 10,
      arbitrary: fc.record({
        kind: kind('append'),
        owner,
        ref,
        recover: fc.boolean(),
        drafts: fc.uniqueArray(draft, {
          minLength: 1,
          maxLength: 3,
          // Two new messages are two; one that is sent again is in a call once.
          comparator: (a, b) => a.kind === 'again' && b.kind === 'again' && a.back === b.back,
        }),
        context_limit: fc.option(limit),
      }),
    },
    { weight: 2, arbitrary: fc.record({ kind: kind('append again'), back }) },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: kind('history'),
        owner,
        ref,
        limit,
        before_seq: fc.option(fc.integer({ min: 1, max: 6 })),
        full: fc.boolean(),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: kind('list'),
        owner,
        limit,
        status: fc.constantFrom<(Status | null)[]>(null, 'active', 'escalated', 'ended', 'expired'),
      }),
    },
    { weight: 2, arbitrary: fc.record({ kind: kind('end'), owner, ref }) },
    { weight: 1, arbitrary: fc.record({ kind: kind('escalate'), owner, ref, reason: text }) },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: kind('feedback'),
        owner,
        ref,
        back,
        rating: fc.constantFrom<Feedback[]>('positive', 'negative'),
        comment: text,
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: kind('advance'),
        ms: fc.constantFrom(
          1,
          touchIntervalMs - 1,
          touchIntervalMs,
          idleTimeoutMs / 2,
          idleTimeoutMs,
          lifetimeMs,
        ),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({ kind: kind('advance to expiry'), ref, by: fc.integer({ min: -1, max: 1 }) }),
    },
    { weight: 1, arbitrary: fc.record({ kind: kind('settle') }) },
  );
