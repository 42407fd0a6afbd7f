import type { Message, Session } from 'kb-sessions';
import type { Settlement } from 'kb-sessions-client';
import type { Receipt } from 'kb-sessions-contract/receipt';
import type { Call, Moment, Request } from './call.ts';

/** What a client told its application became of a call that had been acknowledged `volatile`. */
export type Told = { device: number; user: string; settled: Settlement; at: Moment };

/** Everything that was asked, answered and told in a run. */
export class History {
  /** As applications saw it. */
  readonly calls: Call[] = [];
  /** As instances answered it. */
  readonly requests: Request[] = [];
  readonly told: Told[] = [];
  /** The instances that have found that something they held will never be taken. */
  readonly refusedBy = new Set<string>();
  /** How many requests no instance has answered yet, of those that live. */
  unanswered = 0;
  /** When each session was stored first, and when it was found to be over. */
  readonly opened = new Map<string, Moment>();
  readonly closed = new Map<string, Moment>();
  /** When each session expires, in milliseconds. */
  readonly expires = new Map<string, number>();
  /** When each message was stored. */
  readonly stored = new Map<string, Moment>();
  /** Everything as it was stored last, deleted or not: an id is free again then. */
  readonly ever = { sessions: new Map<string, Session>(), messages: new Map<string, Message>() };
  /** Who was erased, since when that was accepted, and with which receipt in the end. */
  readonly erased = new Map<string, { since: Moment; receipt: Receipt | null }>();
  /** What must not have been answered, seen at once. */
  readonly violations: string[] = [];
}
