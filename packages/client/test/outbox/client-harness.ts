import {
  type ClientOptions,
  createClient,
  memoryStorage,
  type OutboxStorage,
  type SessionsClient,
  type Settlement,
} from '../../src/index.ts';
import { fakeServer, type Mode } from './fake-server.ts';
import { idOf, session_id } from './ids.ts';

/** Thandi's client, and a server whose primary is as `state.mode` says. */
export const setUp = (options: ClientOptions = {}) => {
  const settled: Settlement[] = [];
  const state: { mode: Mode; user: string | null } = { mode: 'durable', user: 'thandi' };
  const server = fakeServer(() => state.mode);
  const storage = options.storage ?? memoryStorage();
  /** One more tab, or the same one opened again. */
  const connect = (): SessionsClient =>
    createClient((name, data) => server.transport(String(state.user))(name, data), {
      user: () => state.user,
      onSettled: (one) => settled.push(one),
      clock: () => Date.UTC(2026, 0, 1),
      ...options,
      storage,
    });
  const client = connect();
  const say = (n: number, through = client) =>
    through.addMessage({ session_id, role: 'user', content: `message ${n}`, message_id: idOf(n) });
  /** What was sent since the last look: the last digit of the first id or the call's name, and `+` where it is offered again. */
  const sent = (): string =>
    server.requests
      .splice(0)
      .map(({ name, ids, data }) => `${ids[0]?.at(-1) ?? name}${data.replay === true ? '+' : ''}`)
      .join(' ');
  const list = async () => (await storage.list('thandi')).map(({ value }) => value);
  return { client, connect, server, settled, state, say, sent, storage, list };
};

/** Lets everything that waits for nothing but promises happen. */
export const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A storage whose lists arrive when one of `waiting` is called for each, as they were then. */
export const listingSlowly = () => {
  const memory = memoryStorage();
  const waiting: (() => void)[] = [];
  const storage: OutboxStorage = {
    ...memory,
    list: async (user) => {
      const items = await memory.list(user);
      await new Promise<void>((resolve) => waiting.push(resolve));
      return items;
    },
  };
  return { storage, waiting };
};
