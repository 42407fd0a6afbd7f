import type { CallInput, CallName, CallOutput, ErrorDetails } from 'kb-sessions-contract';
import type { Instance } from './instance.ts';

/** `fail`: refused for good. `unknown`: it was answered so that it is not clear what became of it, or not at all. */
export type Outcome<Name extends CallName> =
  | { kind: 'ok'; answer: CallOutput<Name> }
  | { kind: 'fail'; code: string; reason: ErrorDetails['reason'] }
  | { kind: 'unknown'; code: string };

/** Turns and milliseconds. */
export type Moment = { turn: number; ms: number };

type CallOf<Name extends CallName> = {
  name: Name;
  input: CallInput<Name>;
  /** Whose sessions it is about, and the tab whose application called. */
  owner: string;
  tab: string;
  device: number;
  from: Moment;
  to: Moment;
  outcome: Outcome<Name>;
};

/** A call as the application made it. */
export type Call = { [Name in CallName]: CallOf<Name> }[CallName];

/** A call as an instance answered it: those of the client's own, with which it offers again, are among them. */
export type Request = Call & { instance: Instance; reads: { from: number; to: number } };

/** A trusted caller. It acts for ann. */
export const AGENT = 'agent';

/** Whose sessions a call of `user` is about. */
export const ownerOf = (user: string, input: unknown): string =>
  typeof input === 'object' && input !== null && 'user_id' in input ? String(input.user_id) : user;

const UNCLEAR = new Set(['unavailable', 'aborted', 'cancelled', 'deadline-exceeded', 'internal', 'unknown']);

export const failureOf = (
  code: string,
  reason: ErrorDetails['reason'],
): { kind: 'fail'; code: string; reason: ErrorDetails['reason'] } | { kind: 'unknown'; code: string } =>
  UNCLEAR.has(code) ? { kind: 'unknown', code } : { kind: 'fail', code, reason };

/** The messages that a call appends, with their ids; none for other calls. */
export const messagesIn = (call: Call): { message_id: string; content: string }[] => {
  if (call.name === 'addMessages') return call.input.messages.map(identified);
  return call.name === 'addMessage' ? [identified(call.input)] : [];
};

const identified = ({ message_id = '', content }: { message_id?: string | undefined; content: string }) => ({
  message_id,
  content,
});
