import assert from 'node:assert/strict';
import { setImmediate as nextTick } from 'node:timers/promises';
import { checkGuarantee, type Guarantee } from '../guarantees/check-guarantee.ts';
import { guarantees } from '../guarantees/guarantees.ts';
import type { Connection, Peer } from '../peers/peer.ts';
import { type Flaw, memoryPeer } from './support/memory-peer.ts';

/** The violation that each flaw causes. */
const flaws: [Flaw, RegExp][] = [
  ['order', /^the messages came back in another order$/],
  ['idempotency', /^it was stored 2 times$/],
  ['ownership', /^the stranger’s model received the messages$/],
  ['expiry', /^it was resumed$/],
  ['two writers', /^0 turns failed, [1-9]\d* messages were lost, 0 repeated, 0 out of order$/],
  ['durable question', /^it was stored after the answer$/],
];

const check = async (guarantee: Guarantee, peer: Peer) =>
  (await checkGuarantee(guarantee, peer, 'demo')).found;

const checkNamed = (name: Flaw, peer: Peer) =>
  check(guarantees.find((guarantee) => guarantee.name === name) ?? assert.fail(), peer);

/** Overrides methods of all connections of a peer. */
const override = (peer: Peer, methods: (connection: Connection) => Partial<Connection>): Peer => ({
  ...peer,
  connect: (conditions) => {
    const connection = peer.connect(conditions);
    return { ...connection, ...methods(connection) };
  },
});

describe('guarantees', () => {
  it('all hold for a peer without a flaw', async () => {
    for (const guarantee of guarantees) assert.equal(await check(guarantee, memoryPeer()), null);
  });

  it('each have a flaw that violates them', () => {
    const violated: string[] = flaws.map(([flaw]) => flaw);
    for (const { name } of guarantees) assert.ok(violated.includes(name), name);
  });

  for (const [flaw, violation] of flaws) {
    it(`report the flaw ${flaw}, and nothing else`, async () => {
      for (const guarantee of guarantees) {
        const found = () => check(guarantee, memoryPeer(flaw));
        if (guarantee.name === flaw) assert.match((await found()) ?? '', violation);
        // Each check of expiry takes a second.
        else if (guarantee.name !== 'expiry') assert.equal(await found(), null);
      }
    });
  }

  for (const [behavior, turn] of [
    ['refuses every turn', () => Promise.reject(new Error('refused'))],
    ['does nothing in a turn', async () => {}],
  ] satisfies [string, Connection['turn']][]) {
    it(`none hold for a peer that ${behavior}`, async () => {
      for (const guarantee of guarantees) {
        const peer = override(memoryPeer(), () => ({ turn }));
        assert.notEqual(await check(guarantee, peer), null, guarantee.name);
      }
    });
  }

  it('order: reports missing messages separately', async () => {
    const lossy = override(memoryPeer(), ({ read }) => ({
      read: async (chat) => (await read(chat)).slice(-6),
    }));
    assert.equal(await checkNamed('order', lossy), 'of 12 messages 6 were left');
  });

  it('order: restores the clock if a turn fails', async () => {
    const { Date: before } = globalThis;
    let turns = 0;
    const failing = override(memoryPeer(), () => ({
      turn: async () => {
        turns += 1;
        assert.ok(turns === 1 || globalThis.Date !== before);
        if (turns === 2) throw new Error('refused');
      },
    }));
    assert.equal(await checkNamed('order', failing), 'it failed: refused');
    assert.equal(globalThis.Date, before);
  });

  it('ownership: holds if the stranger gets a new session', async () => {
    const renewing = override(memoryPeer(), ({ open, turn }) => ({
      turn: async (chat, question, model) =>
        turn(chat.owner === 'mallory' ? await open(chat.owner, []) : chat, question, model),
    }));
    assert.equal(await checkNamed('ownership', renewing), null);
  });

  it('ownership: reports messages that a stranger adds without receiving any', async () => {
    const blind = override(memoryPeer('ownership'), ({ turn }) => ({
      turn: (chat, question, model) => turn(chat, question, (context) => model(context.slice(-1))),
    }));
    assert.equal(await checkNamed('ownership', blind), 'the stranger added 2 messages');
  });

  /** Opens a new session for every turn. */
  const forgetful = () =>
    override(memoryPeer(), ({ open, turn }) => ({
      turn: async (chat, question, model) => turn(await open(chat.owner, []), question, model),
    }));

  it('ownership: does not hold if the owner receives no messages either', async () => {
    assert.equal(
      await checkNamed('ownership', forgetful()),
      'the owner’s model did not receive the messages either',
    );
  });

  it('expiry: does not hold if a session is never resumed', async () => {
    assert.equal(await checkNamed('expiry', forgetful()), 'it was not resumed before the timeout either');
  });

  it('expiry: holds if a new session replaces the expired one', async () => {
    const renewing = override(memoryPeer(), ({ open, turn }) => ({
      turn: (chat, question, model) =>
        turn(chat, question, model).catch(async () => turn(await open(chat.owner, []), question, model)),
    }));
    assert.equal(await checkNamed('expiry', renewing), null);
  });

  it('two writers: reports failed turns, with the first error', async () => {
    const refusing = override(memoryPeer(), () => ({ turn: () => Promise.reject(new Error('aborted')) }));
    const expected = '10 turns failed (aborted), 0 messages were lost, 0 repeated, 0 out of order';
    assert.equal(await checkNamed('two writers', refusing), expected);
  });

  it('two writers: reports a context that is not the end of the history', async () => {
    for (const change of [(all: string[]) => all.slice(-1), (all: string[]) => ['stale', ...all.slice(1)]]) {
      const stale = override(memoryPeer(), ({ turn }) => ({
        turn: (chat, question, model) => turn(chat, question, (context) => model(change([...context]))),
      }));
      assert.equal(await checkNamed('two writers', stale), 'the next context was not the end of the history');
    }
  });
});

describe('checkGuarantee()', () => {
  for (const outcome of ['kept', 'violated', 'failed'] as const) {
    it(`closes all connections if the guarantee is ${outcome}`, async () => {
      let open = 0;
      const peer = override(memoryPeer(), () => {
        open += 1;
        return {
          close: async () => {
            open -= 1;
          },
        };
      });
      const guarantee: Guarantee = {
        name: 'some',
        promise: 'something',
        async check(connect) {
          connect();
          connect(7);
          assert.equal(open, 2);
          if (outcome === 'failed') throw new Error('no');
          return outcome === 'kept' ? null : 'something else';
        },
      };
      const found = { kept: null, violated: 'something else', failed: 'it failed: no' }[outcome];
      assert.deepEqual(await checkGuarantee(guarantee, peer, 'demo'), { guarantee: 'some', found });
      assert.equal(open, 0);
    });
  }

  it('rejects with the first error of closing, after all connections are closed', async () => {
    let open = 0;
    const peer = override(memoryPeer(), () => {
      open += 1;
      const nth = open;
      return {
        close: async () => {
          if (nth > 1) await nextTick();
          open -= 1;
          if (nth < 3) throw new Error(`${nth} did not close`);
        },
      };
    });
    const guarantee: Guarantee = {
      name: 'some',
      promise: 'something',
      async check(connect) {
        for (let nth = 0; nth < 3; nth += 1) connect();
        return null;
      },
    };
    await assert.rejects(checkGuarantee(guarantee, peer, 'demo'), /^Error: 1 did not close$/);
    assert.equal(open, 0);
  });
});
