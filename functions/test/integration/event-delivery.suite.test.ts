import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { createSessionsClient } from 'kb-sessions-client';
import { runningSuite, type SignedUpUser, signUp } from 'kb-sessions-testing';
import { eventually } from '../../../packages/sessions/test/support/eventually.ts';

const TRIGGER = 'us-central1-onMessageCreated-0';

type RestDocument = { name: string; updateTime: string; fields: Record<string, unknown> };

/** Reads, or with `fields` first changes, a document as the Admin SDK may. */
const documentAt = async (path: string, fields?: Record<string, unknown>): Promise<RestDocument> => {
  const { firestore, projectId } = runningSuite();
  const mask = Object.keys(fields ?? {}).map((field) => `updateMask.fieldPaths=${field}`);
  const url = `http://${firestore}/v1/projects/${projectId}/databases/(default)/documents/${path}?${mask.join('&')}`;
  const response = await fetch(url, {
    headers: { authorization: 'Bearer owner', 'content-type': 'application/json' },
    ...(fields && { method: 'PATCH', body: JSON.stringify({ fields }) }),
  });
  assert.equal(response.status, 200);
  return (await response.json()) as RestDocument;
};

/** Posts a created event to the trigger as Eventarc does: the emulator itself delivers each once, and in order. */
const deliver = async (value: RestDocument): Promise<void> => {
  const { functions, projectId } = runningSuite();
  const document = value.name.split('/documents/')[1];
  const response = await fetch(`http://${functions}/functions/projects/${projectId}/triggers/${TRIGGER}`, {
    method: 'POST',
    headers: { 'content-type': 'application/cloudevents+json' },
    body: JSON.stringify({
      specversion: '1.0',
      id: randomUUID(),
      type: 'google.cloud.firestore.document.v1.created',
      source: `//firestore.googleapis.com/projects/${projectId}/databases/(default)`,
      subject: `documents/${document}`,
      time: new Date().toISOString(),
      datacontenttype: 'application/json',
      project: projectId,
      database: '(default)',
      namespace: '(default)',
      document,
      location: 'us-central1',
      data: { value },
    }),
  });
  assert.equal(response.status, 200, await response.text());
};

describe('onMessageCreated, called at its endpoint,', () => {
  let owner: SignedUpUser;
  before(async () => {
    owner = await signUp(runningSuite());
  });
  after(() => owner?.close());

  it('counts a message once if its event is delivered again, late, or with old content', async () => {
    const sessions = createSessionsClient(owner.functions);
    const { session_id } = await sessions.createSession();
    const { message_id } = await sessions.addMessage({ session_id, role: 'user', content: 'hello' });
    const counted = await eventually(
      () => sessions.getSession({ session_id }),
      ({ session }) => session.message_count === 1,
    );
    assert.equal(counted.session.message_count, 1);
    const now = await documentAt(`kb_messages/${message_id}`);
    assert.equal('uncounted' in now.fields, false);
    const { counted: _counted, ...fields } = now.fields;
    const asCreated = {
      ...now,
      fields: { ...fields, counted: { nullValue: null }, uncounted: { booleanValue: true } },
    };
    const earlier = { ...asCreated, updateTime: new Date(Date.parse(now.updateTime) - 60_000).toISOString() };
    for (const event of [earlier, now, earlier]) await deliver(event);
    const { session } = await sessions.getSession({ session_id });
    assert.deepEqual([session.message_count, session.total_queries], [1, 1]);
    // What the totals lack of a message is counted by whatever event comes next: so the events above did arrive.
    await documentAt(`kb_messages/${message_id}`, { feedback: { stringValue: 'positive' } });
    for (const event of [now, earlier]) await deliver(event);
    const rated = await sessions.getSession({ session_id });
    assert.deepEqual([rated.session.message_count, rated.session.feedback_positive], [1, 1]);
  });
});
