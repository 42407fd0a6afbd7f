import { status } from '@grpc/grpc-js';
import { type FirestoreMethod, firestoreMethods, isFirestoreMethod } from '../protos.ts';
import type { EffectAfter, EffectBefore, Fault, StatusEffect } from './fault.ts';
import { isRecord, record, text, whole, wrong } from './parse-field.ts';

/**
 * Reads a fault from JSON.
 * @throws TypeError that says which field must be what, and what it is
 */
export const parseFault = (value: unknown): Fault => {
  const fields = record('a fault', value, ['methods', 'prefix', 'skip', 'times', 'when', 'effect']);
  const { prefix, skip, times, when, effect } = fields;
  const aim = {
    ...(fields.methods !== undefined && { methods: methods(fields.methods) }),
    ...(prefix !== undefined && { prefix: text('prefix', prefix) }),
    ...(skip !== undefined && { skip: whole('skip', skip, 0) }),
    ...(times !== undefined && { times: whole('times', times, 1) }),
  };
  switch (when) {
    case 'before':
      return { ...aim, when, effect: effectBefore(effect) };
    case 'after':
      return { ...aim, when, effect: effectAfter(effect) };
    default:
      throw wrong('when', "'before' or 'after'", when);
  }
};

const effectBefore = (value: unknown): EffectBefore => {
  const kind = kindOf(value);
  switch (kind) {
    case 'code':
      return refusal(value);
    case 'drop':
      record('effect', value, ['kind']);
      return { kind };
    case 'delay': {
      const { ms, thenApply } = record('effect', value, ['kind', 'ms', 'thenApply']);
      return { kind, ms: whole('ms', ms, 0), ...late(thenApply) };
    }
    case 'black-hole':
      return { kind, ...late(record('effect', value, ['kind', 'thenApply']).thenApply) };
    default:
      throw wrong('effect.kind', "'code', 'drop', 'delay' or 'black-hole' before", kind);
  }
};

const effectAfter = (value: unknown): EffectAfter => {
  const kind = kindOf(value);
  switch (kind) {
    case 'code':
      return refusal(value);
    case 'drop':
    case 'black-hole':
      record('effect', value, ['kind']);
      return { kind };
    case 'delay':
      return { kind, ms: whole('ms', record('effect', value, ['kind', 'ms']).ms, 0) };
    case 'cut': {
      const { afterMessages } = record('effect', value, ['kind', 'afterMessages']);
      return { kind, afterMessages: whole('afterMessages', afterMessages, 0) };
    }
    default:
      throw wrong('effect.kind', "'code', 'drop', 'delay', 'black-hole' or 'cut' after", kind);
  }
};

const kindOf = (value: unknown): unknown => (isRecord(value) ? value.kind : undefined);

const refusal = (value: unknown): StatusEffect => {
  const { code, message } = record('effect', value, ['kind', 'code', 'message']);
  if (!isFailure(code)) throw wrong('code', 'the name of a gRPC status other than OK', code);
  return { kind: 'code', code, ...(message !== undefined && { message: text('message', message) }) };
};

const late = (value: unknown): { thenApply?: boolean } => {
  if (value === undefined) return {};
  if (typeof value !== 'boolean') throw wrong('thenApply', 'true or false', value);
  return { thenApply: value };
};

const methods = (value: unknown): readonly FirestoreMethod[] => {
  if (Array.isArray(value) && value.length > 0 && value.every(isFirestoreMethod)) return value;
  throw wrong('methods', `a list of some of ${firestoreMethods.join(', ')}`, value);
};

const isFailure = (value: unknown): value is StatusEffect['code'] =>
  typeof value === 'string' && value !== 'OK' && typeof Reflect.get(status, value) === 'number';
