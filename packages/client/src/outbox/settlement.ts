import type { SessionsError } from '../sessions-error.ts';
import type { OutboxCall } from './pending-operation.ts';

/** The final outcome of a call that was acknowledged as `volatile`. */
export type Settlement =
  | {
      outcome: 'durable';
      call: OutboxCall;
      /** The session that holds it now: the session of the call, or its successor. */
      session_id: string;
      /** The messages and their numbers; empty if the call created a session. */
      messages: { message_id: string; seq: number | null }[];
      recovered: boolean;
      rolled_over: boolean;
    }
  | {
      outcome: 'refused';
      /** Null if the stored operation cannot be read. */
      call: OutboxCall | null;
      error: SessionsError;
    };
