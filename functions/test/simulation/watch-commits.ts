import type { FirestoreModel, Stored } from 'kb-sessions-testing';
import { decodeMessage, decodeSession } from '../../src/session/firestore/codec.ts';
import { isOpen } from '../../src/session/life-cycle.ts';
import type { Session } from '../../src/session/records.ts';
import type { Creation } from '../fixtures/documents.ts';
import { plain, timestampOf } from './plain.ts';

const isIn = (collection: string, document: Stored | undefined): document is Stored =>
  document?.name.includes(`/documents/${collection}/`) ?? false;

/** Tells `created` of each new message; returns a list that fills with what no commit may do and one did. */
export const watchCommits = (model: FirestoreModel, created: (creation: Creation) => void): string[] => {
  const violations: string[] = [];
  const sessions = new Map<string, Session>();

  const seeSession = (before: Session | undefined, after: Session): void => {
    const { session_id, user_id } = after;
    if (before && !isOpen(before) && isOpen(after)) violations.push(`${session_id} was open again`);
    if (before && before.user_id !== user_id) violations.push(`${session_id} changed its owner`);
    if (before && after.message_seq < before.message_seq) {
      violations.push(`message_seq of ${session_id} went back`);
    }
    // Not by its new status: what goes out in one commit may escalate a session and roll it over.
    const escalations = after.escalations - (before?.escalations ?? 0);
    const isEscalated = before?.status === 'active' && after.status === 'escalated';
    const most = before === undefined || before.status === 'active' ? 1 : 0;
    if (escalations > most || escalations < (isEscalated ? 1 : 0)) {
      violations.push(`${session_id} was escalated and counted as ${escalations}`);
    }
  };

  model.watch((changes) => {
    for (const { before, after } of changes) {
      if (before || !isIn('kb_messages', after)) continue;
      const message = decodeMessage(plain(after.fields));
      const session = sessions.get(message.session_id);
      if (session && !isOpen(session)) violations.push(`${message.content} was stored after the end`);
      created({ message, updateTime: timestampOf(after.updateTime) });
    }
    for (const { after } of changes) {
      if (!isIn('kb_sessions', after)) continue;
      const session = decodeSession(plain(after.fields));
      seeSession(sessions.get(session.session_id), session);
      sessions.set(session.session_id, session);
    }
  });
  return violations;
};
