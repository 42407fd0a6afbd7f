import { createHash } from 'node:crypto';
import type { AppendOperation, CreateOperation } from '../session-store.ts';
import { keyName } from './journal.ts';

/** Equal for operations with the same ids and the same content on the same line, whatever else is asked for. */
export const operationDigest = (operation: CreateOperation | AppendOperation): string => {
  const content = 'messages' in operation ? operation.messages : null;
  const identity = JSON.stringify([keyName(operation), content], inOrder);
  return createHash('sha256').update(identity).digest('base64url');
};

/** For JSON.stringify: an object's keys in one order, whoever wrote it. */
const inOrder = (_key: string, value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).toSorted(([one], [other]) => (one < other ? -1 : 1)))
    : value;
