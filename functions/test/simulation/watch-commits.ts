import { isDeepStrictEqual } from 'node:util';
import { toMillis } from 'kb-sessions/internal/clock';
import { decodeMessage, decodeSession } from 'kb-sessions/internal/firestore/codec';
import { isOpen } from 'kb-sessions/internal/lifecycle';
import type { Message, Session } from 'kb-sessions-contract/records';
import type { FirestoreModel, StoredDocument } from 'kb-sessions-testing';
import type { Creation } from '../../../packages/sessions/test/fixtures/documents.ts';
import { plain, timestampOf } from './plain-values.ts';

const isIn = (collection: string, document: StoredDocument | undefined): document is StoredDocument =>
  document?.name.includes(`/documents/${collection}/`) ?? false;

const idOf = ({ name }: StoredDocument): string => name.slice(name.lastIndexOf('/') + 1);

/** What of a session that is over never changes. */
const FINAL = [
  'status',
  'ended_at',
  'end_reason',
  'last_activity',
  'expires_at',
  'message_seq',
  'recent',
] as const;

export type Watcher = {
  /** A session is as this from now on; `creation` tells it from others that had its id before. */
  seen(session: Session, creation: string): void;
  /** A session is stored for the first time, or found to be over for the first time. */
  opened(session: Session): void;
  closed(session: Session): void;
  created(creation: Creation): void;
  /** A message is as this from now on. */
  written(message: Message): void;
};

/** Tells of new sessions and messages and of sessions that are over, and adds to `violations` what no commit may do and one did. */
export const watchCommits = (
  model: FirestoreModel,
  violations: string[],
  { seen, opened, closed, created, written }: Watcher,
): void => {
  const sessions = new Map<string, Session>();

  const seeSession = (before: Session | undefined, after: Session, now: number): void => {
    const { session_id, user_id } = after;
    if (before && !isOpen(before) && isOpen(after)) violations.push(`${session_id} was open again`);
    if (before && !isOpen(before) && FINAL.some((field) => !isDeepStrictEqual(before[field], after[field])))
      violations.push(`${session_id} was changed after its end`);
    if (before && before.user_id !== user_id) violations.push(`${session_id} changed its owner`);
    if (before && after.message_seq < before.message_seq) {
      violations.push(`message_seq of ${session_id} went back`);
    }
    if (
      after.status === 'expired' &&
      (after.ended_at !== after.expires_at || toMillis(after.expires_at) > now)
    )
      violations.push(`${session_id} expired before its time`);
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
      if (!isIn('kb_messages', after)) continue;
      const message = decodeMessage(plain(after.fields));
      written(message);
      if (before) continue;
      const session = sessions.get(message.session_id);
      if (session && !isOpen(session)) violations.push(`${message.content} was stored after the end`);
      created({ message, updateTime: timestampOf(after.updateTime) });
    }
    for (const { before: stored, after } of changes) {
      // Its id is free again.
      if (isIn('kb_sessions', stored) && !after) sessions.delete(idOf(stored));
      if (!isIn('kb_sessions', after)) continue;
      const session = decodeSession(plain(after.fields));
      const before = sessions.get(session.session_id);
      seen(session, `${after.name} of ${JSON.stringify(after.createTime)}`);
      if (!before) opened(session);
      if ((!before || isOpen(before)) && !isOpen(session)) closed(session);
      seeSession(before, session, timestampOf(after.updateTime).toMillis());
      sessions.set(session.session_id, session);
    }
  });
};
