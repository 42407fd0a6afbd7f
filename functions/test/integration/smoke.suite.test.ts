import assert from 'node:assert/strict';
import { collection, doc, getDoc, getDocs, query, setDoc, where } from 'firebase/firestore';
import { httpsCallable } from 'firebase/functions';
import { createSessionsClient, type SessionsClient } from 'kb-sessions-client';
import { runningSuite, type SignedUpUser, signUp } from 'kb-sessions-testing';
import { eventually } from '../../../packages/sessions/test/support/eventually.ts';

const REGION = 'us-central1';

/** One call after the other: the Functions emulator starts a process for each that is parallel. */
describe('the emulators, with the Firebase JS SDK,', () => {
  let owner: SignedUpUser;
  let agent: SignedUpUser;
  let stranger: SignedUpUser;
  let sessions: SessionsClient;
  let session_id: string;

  before(async () => {
    owner = await signUp(runningSuite());
    agent = await signUp(runningSuite(), { agent: true });
    stranger = await signUp(runningSuite());
    sessions = createSessionsClient(owner.functions);
  });
  after(() => Promise.all([owner, agent, stranger].map((user) => user?.close())));

  it('store a turn through the grouped function, and the trigger counts it', async () => {
    session_id = (await sessions.createSession()).session_id;
    await sessions.addMessage({ session_id, role: 'user', content: 'What does erf size mean?' });
    const answer = await createSessionsClient(agent.functions).addMessage({
      session_id,
      user_id: owner.uid,
      role: 'assistant',
      content: 'The area of the plot',
      metadata: { confidence: 0.75 },
    });
    await sessions.submitFeedback({ session_id, message_id: answer.message_id, rating: 'positive' });
    const { session } = await eventually(
      () => sessions.getSession({ session_id }),
      (got) => got.session.message_count === 2,
    );
    assert.deepEqual(
      [session.message_count, session.total_queries, session.avg_confidence, session.feedback_positive],
      [2, 1, 0.75, 1],
    );
  });

  it('serve the exports and deletions as single functions, and no other call', async () => {
    const exportMyData = httpsCallable<object, { sessions: { session_id: string }[] }>(
      owner.functions,
      'exportMyData',
    );
    assert.deepEqual(
      (await exportMyData({})).data.sessions.map((session) => session.session_id),
      [session_id],
    );
    const single = httpsCallable(owner.functions, 'getSession')({ session_id });
    await assert.rejects(single, { code: 'functions/not-found' });
  });

  it('run the scheduled functions', async () => {
    for (const name of ['expireSessions', 'reconcileCounters']) {
      const { functions, projectId } = runningSuite();
      const url = `http://${functions}/functions/projects/${projectId}/triggers/${REGION}-${name}-0`;
      const headers = { 'content-type': 'application/json' };
      const response = await fetch(url, { method: 'POST', headers, body: '{}' });
      assert.equal(response.status, 200, `${name}: ${await response.text()}`);
    }
    assert.equal((await sessions.getSession({ session_id })).session.status, 'active');
  });

  it('let only the owner read a session and its messages directly, and nobody write', async () => {
    const own = doc(owner.firestore, 'kb_sessions', session_id);
    assert.equal((await getDoc(own)).data()?.user_id, owner.uid);
    const messagesOf = (user: SignedUpUser, uid: string) =>
      getDocs(query(collection(user.firestore, 'kb_messages'), where('user_id', '==', uid)));
    assert.equal((await messagesOf(owner, owner.uid)).size, 2);
    const denied = { code: 'permission-denied' };
    await assert.rejects(getDoc(doc(stranger.firestore, 'kb_sessions', session_id)), denied);
    await assert.rejects(messagesOf(stranger, owner.uid), denied);
    await assert.rejects(getDocs(collection(owner.firestore, 'kb_sessions')), denied);
    await assert.rejects(setDoc(own, { message_count: 1000 }, { merge: true }), denied);
    await assert.rejects(getDocs(collection(owner.firestore, 'kb_analytics/2026-01-01/shards')), denied);
  });
});
