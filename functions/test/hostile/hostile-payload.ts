import fc from 'fast-check';
import type { CallName } from 'kb-sessions-contract';
import { type Change, kinds, placesOf, typeOf } from './changes.ts';
import { isMetadata, isRecord } from './fields.ts';
import { UNSTORABLE } from './injections.ts';
import { type Part, partsOf, toJson, withPart } from './parts.ts';

type Inputs = Readonly<Record<CallName, unknown>>;
export type HostilePayload = { title: string; call: CallName; json: string };

const anyText = fc.string({ unit: 'binary', maxLength: 30 });

const within = (parts: Part[], value: (part: Part) => fc.Arbitrary<Omit<Change, 'title'>>) =>
  parts.length === 0 ? [] : [fc.constantFrom(...parts).chain(value)];

/** A value, a text or a key that fast-check makes up, in a place where it cannot be right. */
const madeUp = (input: unknown): fc.Arbitrary<Change>[] => {
  const parts = partsOf(input);
  const bad = [
    ...within(parts, ({ path, value }) =>
      fc
        .jsonValue({ maxDepth: 4, stringUnit: 'binary' })
        .filter((other) => other !== null && typeOf(other) !== typeOf(value))
        .map((other) => ({ path, value: other })),
    ),
    ...within(
      parts.filter(({ value }) => typeof value === 'string'),
      ({ path }) =>
        fc
          .tuple(anyText, fc.constantFrom(...UNSTORABLE), anyText)
          .map((texts) => ({ path, value: texts.join('') })),
    ),
    ...within(
      parts.filter((part) => isRecord(part) && !isMetadata(part)),
      ({ path }) =>
        fc.tuple(anyText, fc.jsonValue()).map(([key, value]) => ({ path: [...path, `x ${key}`], value })),
    ),
    ...within(parts.filter(isMetadata), ({ path }) =>
      fc
        .tuple(anyText, fc.constantFrom('.', '`', '[', ']', '*', '~', '/', '\0'), anyText, fc.jsonValue())
        .map(([start, sign, end, value]) => ({ path: [...path, `${start}${sign}${end}`], value })),
    ),
  ];
  return bad.map((change) => change.map((made) => ({ title: `made up: ${made.path.join('.')}`, ...made })));
};

/** As often of one kind as of another, however many places it has. */
const listed = (input: unknown, call: CallName): fc.Arbitrary<Change>[] =>
  kinds
    .map((kind) => placesOf(input, call, kind))
    .filter((places) => places.length > 0)
    .map((places) =>
      fc
        .constantFrom(...places)
        .chain(({ values, ...place }) => fc.constantFrom(...values).map((value) => ({ ...place, value }))),
    );

/**
 * A valid input of one of the calls with one to three changes. Each makes it invalid by itself, and a later one undoes
 * an earlier one only by being in its place, so all of it must be refused.
 */
export const changedInput = (inputs: Inputs, names: readonly CallName[]): fc.Arbitrary<HostilePayload> =>
  fc.oneof(
    ...names.map((call) => {
      const change = fc.oneof(...listed(inputs[call], call), ...madeUp(inputs[call]));
      return fc.array(change, { minLength: 1, maxLength: 3 }).map((changes) => ({
        call,
        title: changes.map(({ title }) => title).join(', '),
        json: toJson(
          changes.reduce<unknown>((input, { path, value }) => withPart(input, path, value), inputs[call]),
        ),
      }));
    }),
  );

/** Any JSON that is no object, or an object with a field that no call has. */
export const anyJson = (names: readonly CallName[]): fc.Arbitrary<HostilePayload> =>
  fc
    .tuple(
      fc.constantFrom(...names),
      fc.oneof(
        fc
          .jsonValue({ maxDepth: 6, stringUnit: 'binary' })
          .filter((value) => value !== null && typeOf(value) !== 'object'),
        fc
          .tuple(fc.dictionary(anyText, fc.jsonValue()), anyText, fc.jsonValue())
          .map(([object, key, value]) => withPart(object, [`x ${key}`], value)),
      ),
    )
    .map(([call, value]) => ({ call, title: 'any JSON', json: JSON.stringify(value) }));
