import { isStreaming } from '../protos.ts';
import type { Fault } from './fault.ts';

/** What a fault looks at in a call. */
export type ObservedCall = {
  method: string;
  /** Documents named and collections queried, see {@link pathsIn}. */
  paths: readonly string[];
};

/** Whether a fault concerns a call. */
export const matchesFault = (fault: Fault, { method, paths }: ObservedCall): boolean => {
  const { prefix = '' } = fault;
  return mayMatch(fault, method) && (prefix === '' || paths.some((path) => path.startsWith(prefix)));
};

/** Whether a fault may concern calls of a method, depending on what they name. */
export const mayMatch = (fault: Fault, method: string): boolean => {
  if (fault.methods && !fault.methods.some((wanted) => wanted === method)) return false;
  return !(isStreaming(method) && needsWholeRequest(fault));
};

const needsWholeRequest = ({ when, effect }: Fault): boolean =>
  when === 'after' || ('thenApply' in effect && effect.thenApply === true);
