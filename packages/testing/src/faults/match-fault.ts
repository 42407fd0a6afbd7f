import { isStreaming } from '../protos.ts';
import type { Fault } from './fault.ts';

/** The properties of a call that a fault selects by. */
export type ObservedCall = {
  method: string;
  /** The documents and the queried collections, see {@link resourcePaths}. */
  paths: readonly string[];
};

/** Whether a fault selects a call. */
export const matchesFault = (fault: Fault, { method, paths }: ObservedCall): boolean => {
  const { prefix = '' } = fault;
  return mayMatch(fault, method) && (prefix === '' || paths.some((path) => path.startsWith(prefix)));
};

/** Whether a fault may select calls of a method, depending on their paths. */
export const mayMatch = (fault: Fault, method: string): boolean => {
  if (fault.methods && !fault.methods.some((name) => name === method)) return false;
  return !(isStreaming(method) && needsWholeRequest(fault));
};

const needsWholeRequest = ({ when, effect }: Fault): boolean =>
  when === 'after' || ('thenApply' in effect && effect.thenApply === true);
