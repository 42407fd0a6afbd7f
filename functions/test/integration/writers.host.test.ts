import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { countMessage, decodeMessage, type FirestoreContext } from 'kb-sessions/firestore';
import { SMALL_LIMITS } from 'kb-sessions/internal/testing/small-limits';
import type { CallOutput } from 'kb-sessions-contract';
import { runningSuite } from 'kb-sessions-testing';
import { contextAt } from '../../../packages/sessions/test/support/context-at.ts';
import { type Hosted, startHosted } from '../support/hosted.ts';

const WRITERS = 20;
const MESSAGES = 5;
const CAPACITY = 50;

describe(`${WRITERS} parallel writers of ${MESSAGES} messages each on one session`, () => {
  for (const hosts of [1, 2]) {
    describe(`on ${hosts === 1 ? 'one host' : 'two hosts'}`, () => {
      let hosted: Hosted;
      let context: FirestoreContext;
      before(async () => {
        hosted = await startHosted({ hosts });
        const { firestore, projectId } = runningSuite();
        context = contextAt(firestore, projectId, SMALL_LIMITS, hosted.database);
      });
      after(async () => {
        await context?.db.terminate();
        await hosted?.stop();
      });

      /** As the trigger does, which no suite runs for this database: it changes the session that others write to. */
      const count = async (message_id: string): Promise<void> => {
        const created = await context.db.doc(`kb_messages/${message_id}`).get();
        assert.ok(created.updateTime);
        await countMessage(context, decodeMessage(created.data() ?? {}), created.updateTime);
      };

      it('receive seq 1 to 50 in the session and the rest in its successor, without loss or repetition, while the trigger counts', async () => {
        const owner = await hosted.signIn();
        const { session_id } = await hosted.call(owner, 'createSession', {});
        const startedAt = performance.now();
        const latencies: number[] = [];
        const counts: Promise<void>[] = [];
        const write = async (writer: number): Promise<CallOutput<'addMessage'>[]> => {
          const answers = [];
          for (let index = 0; index < MESSAGES; index += 1) {
            const content = `writer ${writer}, message ${index}`;
            const sentAt = performance.now();
            const message = { session_id, role: 'user', content, message_id: randomUUID() } as const;
            const answer = await hosted.call(owner, 'addMessage', message, writer % hosts);
            latencies.push(performance.now() - sentAt);
            answers.push(answer);
            counts.push(count(answer.message_id));
          }
          return answers;
        };
        const written = await Promise.all(Array.from({ length: WRITERS }, (_, writer) => write(writer)));
        const answers = written.flat();
        const ms = performance.now() - startedAt;
        await Promise.all(counts);

        const successors = new Set(answers.map((answer) => answer.session_id));
        successors.delete(session_id);
        const [successor] = successors;
        assert.equal(successors.size, 1);
        assert.ok(successor);
        for (const [id, expected] of [
          [session_id, CAPACITY],
          [successor, WRITERS * MESSAGES - CAPACITY],
        ] as const) {
          const stored = await readAll(hosted, owner, id);
          const acknowledged = answers
            .filter((answer) => answer.session_id === id)
            .map(({ message_id, seq }) => ({ message_id, seq }))
            .sort((a, b) => (a.seq ?? 0) - (b.seq ?? 0));
          assert.deepEqual(
            acknowledged.map(({ seq }) => seq),
            Array.from({ length: expected }, (_, index) => index + 1),
          );
          assert.deepEqual(
            stored.map(({ message_id, seq }) => ({ message_id, seq })),
            acknowledged,
          );
        }
        const { sessions } = await hosted.call(owner, 'listSessions', {});
        assert.deepEqual(
          sessions.map(({ message_count, total_queries }) => [message_count, total_queries]),
          [
            [CAPACITY, CAPACITY],
            [CAPACITY, CAPACITY],
          ],
        );
        for (const own of written) {
          const inOrder = own.map(
            ({ session_id: id, seq }) => (id === session_id ? 0 : CAPACITY) + (seq ?? 0),
          );
          assert.deepEqual(
            inOrder,
            inOrder.toSorted((a, b) => a - b),
            'each writer finds its messages in its order',
          );
        }
        const sorted = latencies.toSorted((a, b) => a - b);
        const at = (share: number) => Math.round(sorted[Math.floor((sorted.length - 1) * share)] ?? 0);
        console.log(
          `      ${WRITERS * MESSAGES} messages in ${Math.round(ms)} ms, p50 ${at(0.5)} ms, p99 ${at(0.99)} ms`,
        );
      });
    });
  }
});

const readAll = async (hosted: Hosted, owner: Awaited<ReturnType<Hosted['signIn']>>, session_id: string) => {
  const messages: CallOutput<'getHistory'>['messages'] = [];
  let before_seq: number | undefined;
  do {
    const page = await hosted.call(owner, 'getHistory', {
      session_id,
      limit: 20,
      ...(before_seq !== undefined && { before_seq }),
    });
    messages.unshift(...page.messages);
    before_seq = page.next_before_seq ?? undefined;
  } while (before_seq !== undefined);
  return messages;
};
