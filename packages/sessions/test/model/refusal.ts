import type { ErrorCode, ErrorDetails } from '../../src/index.ts';

/** How the model refuses, in the terms a SessionError is compared by. */
export class Refusal extends Error {
  readonly code: ErrorCode;
  readonly details: ErrorDetails;

  constructor(code: ErrorCode, details: ErrorDetails = {}) {
    super(code);
    this.code = code;
    this.details = details;
  }
}

export const notFound = () => new Refusal('not-found');
export const ended = () => new Refusal('failed-precondition', { reason: 'ended' });
export const expired = () => new Refusal('failed-precondition', { reason: 'expired' });
export const taken = () => new Refusal('already-exists', { field: 'message_id' });
export const continued = (session_id: string) =>
  new Refusal('failed-precondition', { reason: 'continued', session_id });
