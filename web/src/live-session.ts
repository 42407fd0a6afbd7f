import { type DocumentData, doc, type Firestore, onSnapshot, Timestamp } from 'firebase/firestore';
import type { SessionView } from 'kb-sessions-client';
import type { IncomingMessage } from './messages.ts';
import { type Counters, isOpen } from './state.ts';

/** The fields of a session that change while the page shows it. */
export type LiveSession = {
  status: SessionView['status'];
  counters: Counters;
  messages: IncomingMessage[];
};

/**
 * Listens to a session of the signed-in user, through the security rules, until the returned function is called. The
 * session document holds the newest messages and the counters, so one listener receives both.
 */
export const followSession = (
  firestore: Firestore,
  session_id: string,
  onChange: (session: LiveSession) => void,
  onFailure: (error: Error) => void,
): (() => void) =>
  onSnapshot(
    doc(firestore, 'kb_sessions', session_id),
    (snapshot) => {
      const data = snapshot.data();
      if (data) onChange(liveSession(data, Date.now()));
    },
    onFailure,
  );

/** Converts the document of a session. An open session past its expiry is shown as expired. */
export const liveSession = (data: DocumentData, now: number): LiveSession => ({
  status: isOpen({ status: data.status }) && millisOf(data.expires_at) <= now ? 'expired' : data.status,
  counters: {
    message_count: data.message_count,
    total_queries: data.total_queries,
    avg_confidence: data.confidence_count > 0 ? data.confidence_sum / data.confidence_count / 10_000 : null,
    escalations: data.escalations,
    feedback_positive: data.feedback_positive,
    feedback_negative: data.feedback_negative,
  },
  messages: data.recent.map(
    (message: DocumentData): IncomingMessage => ({
      message_id: message.message_id,
      seq: message.seq,
      role: message.role,
      content: message.content,
      created_at: new Date(millisOf(message.created_at)).toISOString(),
    }),
  ),
});

const millisOf = (time: unknown): number => (time instanceof Timestamp ? time.toMillis() : Number.NaN);
