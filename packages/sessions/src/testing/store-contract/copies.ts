import assert from 'node:assert/strict';
import { Actor, newMessage } from '../actor.ts';
import type { StoreContract } from '../store-harness.ts';

export const copiesContract: StoreContract = (open) =>
  describe('regarding copies,', () => {
    it('returns copies, so that a change of an answer changes no stored data', async () => {
      const { store } = open();
      const ann = new Actor(store, 'ann');
      const { session_id } = await ann.create();
      const message = newMessage({ metadata: { topics: ['erf'] } });
      const appended = await ann.append(session_id, [message], { context_limit: 5 });
      const answers = async () => ({
        got: await ann.get(session_id),
        listed: await ann.list(),
        brief: await ann.history(session_id),
        full: await ann.history(session_id, { full: true }),
      });
      const before = await answers();
      const kept = structuredClone(before);

      for (const { content } of appended.context ?? []) assert.equal(content, message.content);
      for (const entry of appended.context ?? []) entry.content = 'changed';
      for (const entry of [...before.brief.messages, ...before.full.messages]) entry.content = 'changed';
      for (const entry of before.full.messages) entry.metadata?.topics?.push('changed');
      for (const session of [before.got.session, ...before.listed.sessions]) session.status = 'ended';
      assert.deepEqual(await answers(), kept);
    });

    it('stores copies, so that a change of an argument changes no stored data', async () => {
      const { store } = open();
      const ann = new Actor(store, 'ann');
      const { session_id } = await ann.create();
      const message = newMessage({ metadata: { topics: ['erf'] } });
      const given = structuredClone(message);
      await ann.append(session_id, [given]);
      given.content = 'changed';
      given.metadata.topics?.push('changed');
      const [stored] = (await ann.history(session_id, { full: true })).messages;
      assert.deepEqual([stored?.content, stored?.metadata], [message.content, message.metadata]);
    });
  });
