import { status } from '@grpc/grpc-js';
import * as z from 'zod';
import { type FirestoreMethod, firestoreMethods, isFirestoreMethod } from '../protos.ts';

/** The longest time of a timer, in milliseconds. A longer one would fire at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;

const integer = (min: number) => z.int().min(min).max(MAX_TIMER_MS);

/** Selects the calls of a fault, and those of them that it affects. */
const selector = {
  /** As in `['Commit', 'BatchGetDocuments']`; absent: all methods. */
  methods: z
    .array(z.custom<FirestoreMethod>(isFirestoreMethod, `must be one of ${firestoreMethods.join(', ')}`))
    .min(1)
    .readonly()
    .exactOptional(),
  /**
   * As in `kb_messages/`: the call reads or writes a document, or queries a collection, whose path starts with it. The path
   * is relative to the documents of the database. The path of a collection ends with a slash.
   */
  prefix: z.string().exactOptional(),
  /** How many selected calls pass before the first one is affected. */
  skip: integer(0).exactOptional(),
  /** How many calls are affected; absent: all until the fault is removed. */
  times: integer(1).exactOptional(),
};

type ErrorStatus = Exclude<keyof typeof status, 'OK'>;
const isErrorStatus = (name: unknown): boolean =>
  typeof name === 'string' && name !== 'OK' && typeof Reflect.get(status, name) === 'number';

/** The caller receives a gRPC error. */
const statusEffect = z.strictObject({
  kind: z.literal('code'),
  code: z.custom<ErrorStatus>(isErrorStatus, 'must be the name of a gRPC status other than OK'),
  message: z.string().exactOptional(),
});
/** The connection of the caller is reset, with all calls on it. */
const dropEffect = z.strictObject({ kind: z.literal('drop') });
const delayEffect = z.strictObject({ kind: z.literal('delay'), ms: integer(0) });
/** The call waits until the fault is removed. */
const blackHoleEffect = z.strictObject({ kind: z.literal('black-hole') });
/** The given number of response messages pass, then the connection is reset. */
const cutEffect = z.strictObject({ kind: z.literal('cut'), afterMessages: integer(0) });
/**
 * A call that waits on its way to the emulator is lost when its caller gives up. With `thenApply` the emulator applies it
 * all the same.
 */
const lateApplication = { thenApply: z.boolean().exactOptional() };

const effectBefore = z.discriminatedUnion(
  'kind',
  [statusEffect, dropEffect, delayEffect.extend(lateApplication), blackHoleEffect.extend(lateApplication)],
  "must be of the kind 'code', 'drop', 'delay' or 'black-hole'",
);
const effectAfter = z.discriminatedUnion(
  'kind',
  [statusEffect, dropEffect, delayEffect, blackHoleEffect, cutEffect],
  "must be of the kind 'code', 'drop', 'delay', 'black-hole' or 'cut'",
);
const faultSchema = z.discriminatedUnion(
  'when',
  [
    z.strictObject({ ...selector, when: z.literal('before'), effect: effectBefore }),
    z.strictObject({ ...selector, when: z.literal('after'), effect: effectAfter }),
  ],
  "must be an object with `when`: 'before' or 'after'",
);
const delaySchema = z.strictObject({ ms: integer(0) });

export type StatusEffect = z.infer<typeof statusEffect>;
export type EffectBefore = z.infer<typeof effectBefore>;
export type EffectAfter = z.infer<typeof effectAfter>;

/**
 * A fault of RPCs; plain JSON. `before`: on the way to the emulator, which receives the call when the effect lets it pass.
 * `after`: on the way back. The emulator has applied the call and sent its whole response, even if the caller gave up
 * meanwhile. Calls whose requests are a stream (Listen, Write) have no such end, so no fault `after` and no fault with
 * `thenApply` affects them.
 */
export type Fault = z.infer<typeof faultSchema>;

/** Parses a fault from JSON. @throws TypeError that names the invalid field */
export const parseFault = (value: unknown): Fault => parse(faultSchema, value);

/** Parses `{ ms }` from JSON. @throws TypeError that names the invalid field */
export const parseDelay = (value: unknown): number => parse(delaySchema, value).ms;

const parse = <Output>(schema: z.ZodType<Output>, value: unknown): Output => {
  const { data, error } = schema.safeParse(value);
  if (error === undefined) return data;
  const [issue] = error.issues;
  throw new TypeError(`${issue?.path.join('.') || 'value'}: ${issue?.message}`);
};
