import assert from 'node:assert/strict';
import type { Scheduler } from 'fast-check';
import {
  createClient,
  isSessionsError,
  memoryStorage,
  type OutboxStorage,
  type SessionsClient,
  type Settlement,
} from '../../src/index.ts';
import { fakeServer, type Mode, type Request } from './fake-server.ts';
import { idOf, session_id } from './ids.ts';

const users = ['thandi', 'pieter'] as const;

/** What one tab does next. */
export type Step = 'say' | 'flush' | 'reopen' | 'die' | 'switch user' | 'refuse';

type Said = {
  user: string;
  began: number;
  /** When it was acknowledged `volatile`. */
  volatile?: number;
  durable?: true;
  offered?: number;
};

/**
 * Two tabs and two users over one storage and one server, where every step of a request and of the storage happens when
 * `scheduler` says so. What must hold at any time is checked as it happens, the rest by `check`.
 */
export const createWorld = (scheduler: Scheduler, modes: readonly Mode[]) => {
  const said = new Map<string, Said>();
  const settled: Settlement[] = [];
  const refused = new Set<string>();
  let now = 0;
  let requests = 0;
  /** When a journal last died: a newer call may be under way then. */
  let disturbed = 0;
  let healed = false;
  let user: string = users[0];

  const server = fakeServer((request) => {
    const mode = healed ? 'durable' : (modes[requests++ % modes.length] ?? 'durable');
    see(request);
    return mode;
  });

  /** Nobody's message comes as another user's, and none before an older one that only its client still has. */
  const see = ({ user: sender, ids, data }: Request) => {
    for (const id of ids) {
      const message = said.get(id);
      assert(message);
      assert.equal(sender, message.user, 'sent as another user');
      message.offered = ++now;
      if (data.replay === true) continue;
      for (const [older, { user, volatile, offered = 0 }] of said) {
        const isOlder = user === sender && volatile !== undefined && volatile < message.began;
        if (!isOlder || server.owners.has(older) || server.holds(older) || refused.has(older)) continue;
        assert(offered > message.began || disturbed > message.began, 'newer came first');
      }
    }
  };

  const memory = memoryStorage();
  const scheduled = async <T>(label: string, action: () => Promise<T>): Promise<T> => {
    if (healed) return action();
    await scheduler.schedule(Promise.resolve(), label);
    const result = await action();
    await scheduler.schedule(Promise.resolve(), `${label} is done`);
    return result;
  };
  const storage: OutboxStorage = {
    ...memory,
    list: (...args) => scheduled('list', () => memory.list(...args)),
    add: (...args) => scheduled('add', () => memory.add(...args)),
    update: (...args) => scheduled('update', () => memory.update(...args)),
    remove: (...args) => scheduled('take', () => memory.remove(...args)),
  };

  const connect = (): SessionsClient =>
    createClient(
      (name, data) => {
        const transport = server.transport(user);
        return scheduled(name, () => transport(name, data));
      },
      { user: () => user, storage, onSettled: (one) => settled.push(one) },
    );

  const say = async (client: SessionsClient) => {
    const message_id = idOf(said.size + 1);
    const message: Said = { user, began: ++now };
    said.set(message_id, message);
    const answer = await client.addMessage({ session_id, role: 'user', content: message_id, message_id });
    if (answer.durability === 'durable') message.durable = true;
    else message.volatile = ++now;
  };

  const steps: Record<Step, (client: SessionsClient) => Promise<unknown>> = {
    say,
    flush: (client) => client.flush(),
    reopen: async () => {},
    die: async () => {
      disturbed = ++now;
      server.die();
    },
    'switch user': async () => {
      user = users[user === users[0] ? 1 : 0];
    },
    refuse: async () => {
      const id = idOf(said.size);
      refused.add(id);
      server.refuse(id);
    },
  };

  return {
    said,
    settled,
    server,

    /** One tab's steps, one after the other; a call that fails is the application's to repeat. */
    tab: async (script: readonly Step[]) => {
      let client = connect();
      for (const step of script) {
        if (step === 'reopen') client = connect();
        try {
          await steps[step](client);
        } catch (error) {
          if (!isSessionsError(error)) throw error;
        }
      }
    },

    /** The primary is back, and each user looks in once more. */
    check: async () => {
      healed = true;
      server.die();
      for (const each of users) {
        user = each;
        assert.equal(await connect().flush(), 0);
      }
      const times = new Map<string, number>();
      for (const { call, outcome } of settled) {
        const id = call && 'message_id' in call.input ? call.input.message_id : '';
        times.set(id, (times.get(id) ?? 0) + 1);
        assert.equal(outcome, server.owners.has(id) ? 'durable' : 'refused');
      }
      for (const [id, { user, volatile, durable }] of said) {
        if (durable) assert.equal(server.owners.get(id), user, 'lost');
        if (volatile !== undefined && !refused.has(id)) assert.equal(server.owners.get(id), user, 'lost');
        assert.equal(times.get(id) ?? 0, volatile === undefined ? 0 : 1, 'settled once');
      }
    },
  };
};
