import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';
import { runWithContext } from '@genkit-ai/core';
import { FirestoreSessionStore } from '@genkit-ai/google-cloud/beta';
import { genkit as openGenkit, type SessionState } from 'genkit/beta';
import { openApp } from './firestore-app.ts';
import { CONTEXT, type Connection, type Message, type Model, type Peer } from './peer.ts';

const CHECKPOINT_INTERVAL = 25;

const contextOf = (uid: string) => ({ auth: { uid } });

const asGenkit = ({ role, content }: Message) => ({
  role: role === 'user' ? ('user' as const) : ('model' as const),
  content: [{ text: content }],
});

/**
 * https://genkit.dev/docs/js/agents/session-stores/ : an agent with the store and its default interval, one tenant per
 * user. The distance to the last checkpoint decides the cost of a turn, so each new session starts at the distance that
 * the previous one reached: 25 turns have each cost once. A short session cannot reach every distance by turns; for the
 * others it has a snapshot per message.
 */
export const genkit: Peer = {
  name: 'Genkit FirestoreSessionStore',
  kind: 'library',
  connect({ projectId }): Connection {
    const { db, close } = openApp(projectId);
    const models = new AsyncLocalStorage<Model>();
    const store = new FirestoreSessionStore({
      db,
      snapshotPathPrefix: (options) => String(options?.context?.auth?.uid),
    });
    const ai = openGenkit({});
    const model = ai.defineModel({ name: 'bench/model' }, async ({ messages }) => {
      const answer = await models.getStore()?.(
        messages.slice(-CONTEXT).map(({ content }) => content.map(({ text }) => text).join('')),
      );
      if (answer === undefined) throw new Error('the agent requires a model, found none');
      return { message: asGenkit(answer), finishReason: 'stop' };
    });
    const agent = ai.defineAgent({ name: 'bench', model, store });
    /** Turns since the last checkpoint. Starts in the middle, for a benchmark of one turn. */
    let phase = (CHECKPOINT_INTERVAL - 1) / 2;
    return {
      async open(owner, messages) {
        const session = randomUUID();
        const context = contextOf(owner);
        const step = 2 * phase < messages.length ? 2 : 1;
        const diffs = Math.min(phase, messages.length - 1);
        let parentId: string | null = null;
        for (let length = messages.length - step * diffs; length <= messages.length; length += step) {
          const state: SessionState = {
            sessionId: session,
            messages: messages.slice(0, length).map(asGenkit),
            artifacts: [],
          };
          const snapshot = {
            sessionId: session,
            createdAt: new Date().toISOString(),
            status: 'completed' as const,
            state,
            ...(parentId !== null && { parentId }),
          };
          parentId = await store.saveSnapshot(undefined, () => snapshot, { context });
        }
        return { owner, session };
      },
      async turn({ owner, session }, question, model) {
        phase = (phase + 1) % CHECKPOINT_INTERVAL;
        await models.run(model, () =>
          runWithContext(contextOf(owner), async () => {
            const { finishReason, raw } = await agent
              .chat({ sessionId: session })
              .send({ message: asGenkit(question) });
            if (finishReason === 'failed')
              throw new Error(raw.error?.message ?? 'the agent failed without a reason');
          }),
        );
      },
      async read({ owner, session }) {
        const snapshot = await store.getSnapshot({ sessionId: session, context: contextOf(owner) });
        const messages = snapshot?.state?.messages ?? [];
        return messages.map(({ content }) => content.map(({ text }) => text).join(''));
      },
      close,
    };
  },
};
