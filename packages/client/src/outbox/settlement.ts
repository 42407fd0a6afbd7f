import type { SessionsError } from '../sessions-error.ts';
import type { OutboxCall } from './pending-operation.ts';

/** What became of a call that had been acknowledged `volatile`. */
export type Settlement =
  | {
      outcome: 'durable';
      call: OutboxCall;
      /** Where it is now: the session it was meant for, or its successor. */
      session_id: string;
      /** The messages with their numbers; none where it created a session. */
      messages: { message_id: string; seq: number | null }[];
      recovered: boolean;
      rolled_over: boolean;
    }
  | {
      outcome: 'refused';
      /** Null where what was kept could not be read any more. */
      call: OutboxCall | null;
      error: SessionsError;
    };
