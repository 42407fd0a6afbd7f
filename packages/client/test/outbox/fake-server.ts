import { type CallName, type DirectCallable, directTransport, type Transport } from '../../src/index.ts';
import { FakeHttpsError } from '../support.ts';

/** `volatile`: the primary is away and the journal takes it. `unsaid`: the same, and the answer does not name the journal. */
export type Mode = 'durable' | 'volatile' | 'unsaid' | 'unavailable';

export type Request = { user: string; name: string; data: Record<string, unknown>; ids: string[] };

type Entry = { user: string; ids: string[]; session_id: string };

/**
 * A server in a few words: a primary that has what it has for good, and an instance whose journal holds the rest until
 * the primary takes it, first of all, in order.
 *
 * @param decide - how each request finds the primary
 */
export const fakeServer = (decide: (request: Request) => Mode = () => 'durable') => {
  const requests: Request[] = [];
  /** What the primary has taken, in order. */
  const durable: string[] = [];
  const owners = new Map<string, string>();
  const refused = new Set<string>();
  let journals = 1;
  let journal: Entry[] = [];

  const take = ({ user, ids }: Entry) => {
    for (const id of ids.filter((one) => !owners.has(one) && !refused.has(one))) {
      owners.set(id, user);
      durable.push(id);
    }
  };

  const answer = (entry: Entry, held_by: string | null | undefined) => ({
    session_id: entry.session_id,
    durability: held_by === undefined ? 'durable' : 'volatile',
    held_by: held_by ?? null,
  });

  const accept = (request: Request) => {
    requests.push(request);
    const { user, ids } = request;
    const entry = { user, ids, session_id: String(request.data.session_id) };
    const mode = decide(request);
    if (mode === 'unavailable') throw new FakeHttpsError('unavailable', 'the store is unavailable');
    if (ids.some((id) => refused.has(id) && !owners.has(id)))
      throw new FakeHttpsError('failed-precondition', 'refused for good', { reason: 'refused' });
    if (mode !== 'durable') {
      if (!journal.some((held) => held.ids.join() === ids.join())) journal.push(entry);
      return answer(entry, mode === 'unsaid' ? null : `journal ${journals}`);
    }
    for (const held of journal.splice(0)) take(held);
    take(entry);
    return answer(entry, undefined);
  };

  const seqOf = (id: string, { durability }: { durability: string }) =>
    durability === 'durable' ? durable.indexOf(id) + 1 : null;

  const run = (name: string, respond: (data: Record<string, unknown>, user: string) => unknown) => {
    const callable: DirectCallable = {
      run: async ({ data, auth }) => respond({ ...Object(data) }, String(auth?.uid)),
    };
    return [name, callable];
  };

  const appended = { recovered: false, rolled_over: false, context: null, context_complete: null };
  const callables: Partial<Record<CallName, DirectCallable>> = Object.fromEntries([
    run('createSession', (data, user) => ({
      ...accept({ user, name: 'createSession', data, ids: [String(data.session_id)] }),
      expires_at: '2026-01-01T00:00:00.000Z',
    })),
    run('addMessage', (data, user) => {
      const message_id = String(data.message_id);
      const given = accept({ user, name: 'addMessage', data, ids: [message_id] });
      return { ...given, ...appended, message_id, seq: seqOf(message_id, given) };
    }),
    run('addMessages', (data, user) => {
      const ids = Object(data.messages).map((message: { message_id: string }) => message.message_id);
      const given = accept({ user, name: 'addMessages', data, ids });
      const messages = ids.map((message_id: string) => ({ message_id, seq: seqOf(message_id, given) }));
      return { ...given, ...appended, messages };
    }),
    run('getHistory', (data, user) => {
      const request = { user, name: 'getHistory', data, ids: [] };
      requests.push(request);
      if (decide(request) === 'unavailable') throw new FakeHttpsError('unavailable', 'away');
      const about = { role: 'user', content: 'stored', created_at: '2026-01-01T00:00:00.000Z' };
      const messages = durable.map((message_id, index) => ({ message_id, seq: index + 1, ...about }));
      return { session_id: data.session_id, messages, next_before_seq: null, complete: true };
    }),
    ...['getSession', 'endSession', 'submitFeedback', 'escalateSession'].map((name) =>
      run(name, (data, user) => {
        const request = { user, name, data, ids: [] };
        requests.push(request);
        if (decide(request) === 'unavailable') throw new FakeHttpsError('unavailable', 'away');
        return { session_id: data.session_id };
      }),
    ),
  ]);

  return {
    requests,
    durable,
    owners,
    holds: (id: string): boolean => journal.some(({ ids }) => ids.includes(id)),
    transport: (user: string): Transport => directTransport(callables, { uid: user, token: {} }),
    /** The instance dies with its journal. */
    die: () => {
      journals++;
      journal = [];
    },
    /** The primary will never take what has this id. */
    refuse: (id: string) => void refused.add(id),
  };
};
