import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { parseEnv } from 'node:util';
import { deleteApp, initializeApp } from 'firebase-admin/app';
import type { QueryDocumentSnapshot } from 'firebase-admin/firestore';
import functionsTest from 'firebase-functions-test';
import { FirestoreStore } from 'kb-sessions/firestore';
import { toIsoTime, utcDay } from 'kb-sessions/internal/clock';
import { messagesCollection, sessionsCollection } from 'kb-sessions/internal/firestore/documents';
import { Actor } from 'kb-sessions/internal/testing/actor';
import { dayTotals, storedSession } from '../../../packages/sessions/test/fixtures/documents.ts';
import { onMessageCreated } from '../../src/background/on-message-created.ts';
import { services } from '../../src/services.ts';

const HOUR_MS = 60 * 60 * 1000;

describe('onMessageCreated()', () => {
  const environmentBefore = { ...process.env };
  const { wrap, cleanup } = functionsTest();
  const trigger = wrap(onMessageCreated);
  let context: ReturnType<typeof services>['context'];
  let actor: Actor;
  let close: () => Promise<void>;

  before(async () => {
    const committed = parseEnv(await readFile(new URL('../../.env', import.meta.url), 'utf8'));
    Object.assign(process.env, committed);
    // The instance takes the default app, as it does where it is deployed.
    const app = initializeApp({ projectId: `demo-${randomUUID()}` });
    context = services().context;
    actor = new Actor(new FirestoreStore(context), randomUUID());
    close = async () => {
      await context.db.terminate();
      await deleteApp(app);
    };
  });
  after(async () => {
    await close();
    cleanup();
    process.env = environmentBefore;
  });

  /** The snapshot that the event of a new message brings, its update time that of the creation. */
  const created = async (session_id: string): Promise<QueryDocumentSnapshot> => {
    const { docs } = await messagesCollection(context.db).where('session_id', '==', session_id).get();
    return docs[0] ?? assert.fail('no message');
  };
  const deliver = (data: QueryDocumentSnapshot, age = 0) =>
    trigger({ data, params: { message_id: data.id }, time: toIsoTime(Date.now() - age) });
  const counted = async (session_id: string) => (await storedSession(context, session_id))?.message_count;

  it('counts a message once for any number of deliveries', async () => {
    const session_id = await actor.converse(1);
    const snapshot = await created(session_id);
    const day = utcDay(snapshot.createTime.toDate().toISOString());
    const { message_count = 0 } = await dayTotals(context, day);
    await deliver(snapshot);
    await Promise.all([deliver(snapshot), deliver(snapshot)]);
    assert.equal(await counted(session_id), 1);
    assert.equal((await dayTotals(context, day)).message_count, message_count + 1);
    assert.equal((await snapshot.ref.get()).get('uncounted'), undefined);
  });

  it('leaves an event that failed for more than an hour to reconcileCounters()', async () => {
    const session_id = await actor.converse(1);
    const snapshot = await created(session_id);
    await deliver(snapshot, HOUR_MS + 1000);
    assert.equal(await counted(session_id), 0);
    assert.equal((await snapshot.ref.get()).get('uncounted'), true);
    await deliver(snapshot, HOUR_MS - 10_000);
    assert.equal(await counted(session_id), 1);
  });

  it('creates nothing for a deleted session', async () => {
    const session_id = await actor.converse(1);
    const snapshot = await created(session_id);
    await sessionsCollection(context.db).doc(session_id).delete();
    await deliver(snapshot);
    assert.equal(await storedSession(context, session_id), null);
    assert.equal((await snapshot.ref.get()).get('counted'), null);
    await snapshot.ref.delete();
    await deliver(snapshot);
    assert.equal((await snapshot.ref.get()).exists, false);
  });

  it('requests retries in its deployment', () => {
    assert.equal(onMessageCreated.__endpoint.eventTrigger?.retry, true);
  });
});
