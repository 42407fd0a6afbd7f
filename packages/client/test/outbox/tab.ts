import {
  createClient,
  indexedDbStorage,
  isSessionsError,
  SessionsError,
  type SessionsErrorCode,
  type Transport,
} from '../../src/index.ts';
import { idOf, session_id } from './ids.ts';
import { storageContract } from './storage-contract.ts';

/** What a test's server answers to a tab. */
export type Reply = { answer: never } | { refusal: { code: SessionsErrorCode; message: string } };

declare global {
  interface Window {
    /** Given by the test. */
    serve(name: string, data: unknown): Promise<Reply>;
    tab: typeof tab;
  }
}

const transport: Transport = async (name, data) => {
  const reply = await window.serve(name, data);
  if ('refusal' in reply) throw new SessionsError(reply.refusal.code, reply.refusal.message);
  return reply.answer;
};

const told = { settled: [] as string[], counts: [] as number[], failures: [] as string[] };
const client = createClient(transport, {
  user: () => 'thandi',
  storage: indexedDbStorage('demo'),
  onPending: (count) => told.counts.push(count),
  onSettled: ({ outcome, call }) => told.settled.push(`${outcome} ${call?.input.session_id ?? 'nothing'}`),
  onStorageFailure: (error) => told.failures.push(String(error)),
});

/** What a test does in a tab. */
const tab = {
  told,
  say: async (n: number): Promise<string> => {
    try {
      const message = { role: 'user', content: `message ${n}`, message_id: idOf(n) } as const;
      return (await client.addMessage({ session_id, ...message })).durability;
    } catch (error) {
      if (isSessionsError(error)) return error.code;
      throw error;
    }
  },
  flush: (): Promise<number> => client.flush(),
  pending: (): Promise<number> => client.pending(),
  history: async () => (await client.getHistory({ session_id })).messages.map(({ content }) => content),
  /** One case of the contract, on a storage of its own. */
  hold: (title: string): Promise<void> | undefined =>
    storageContract[title]?.(indexedDbStorage(crypto.randomUUID())),
};
window.tab = tab;
