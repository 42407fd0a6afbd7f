import assert from 'node:assert/strict';
import { setImmediate as turnOfLoop } from 'node:timers/promises';
import { guarantees } from '../guarantees/all.ts';
import { checkGuarantee, type Guarantee } from '../guarantees/guarantee.ts';
import type { Connection, Peer } from '../peers/peer.ts';
import { type Flaw, memoryPeer } from './support/memory-peer.ts';

/** What is found instead of each guarantee where a peer does just this wrong. */
const flaws: readonly (readonly [Flaw, RegExp])[] = [
  ['order', /^the messages came back in another order$/],
  ['idempotency', /^it was stored 2 times$/],
  ['ownership', /^the stranger’s model got the messages$/],
  ['expiry', /^it was gone on with$/],
  ['two writers', /^0 turns failed, [1-9]\d* messages were lost, 0 repeated, 0 out of order$/],
  ['durable question', /^it was stored after the answer$/],
];

const check = async (guarantee: Guarantee, peer: Peer) =>
  (await checkGuarantee(guarantee, peer, 'demo')).found;

const found = (name: Flaw, peer: Peer) =>
  check(guarantees.find((guarantee) => guarantee.name === name) ?? assert.fail(), peer);

/** A peer like another, but for some of what its connections do. */
const changed = (peer: Peer, change: (connection: Connection) => Partial<Connection>): Peer => ({
  ...peer,
  connect: (conditions) => {
    const connection = peer.connect(conditions);
    return { ...connection, ...change(connection) };
  },
});

describe('guarantees', () => {
  it('are all kept by a peer that has no flaw', async () => {
    for (const guarantee of guarantees) assert.equal(await check(guarantee, memoryPeer()), null);
  });

  it('each have a flaw that breaks it', () => {
    const broken: string[] = flaws.map(([flaw]) => flaw);
    for (const { name } of guarantees) assert.ok(broken.includes(name), name);
  });

  for (const [flaw, finding] of flaws) {
    it(`tell that ${flaw} is missing, and nothing else`, async () => {
      for (const guarantee of guarantees) {
        if (guarantee.name === flaw) assert.match((await check(guarantee, memoryPeer(flaw))) ?? '', finding);
        // Each look at expiry takes the second that it waits for.
        else if (guarantee.name !== 'expiry') assert.equal(await check(guarantee, memoryPeer(flaw)), null);
      }
    });
  }

  for (const [what, turn] of [
    ['takes no turn', () => Promise.reject(new Error('it was refused'))],
    ['does nothing in a turn', async () => {}],
  ] satisfies [string, Connection['turn']][]) {
    it(`are none of them kept by a peer that ${what}`, async () => {
      for (const guarantee of guarantees) {
        const peer = changed(memoryPeer(), () => ({ turn }));
        assert.notEqual(await check(guarantee, peer), null, guarantee.name);
      }
    });
  }

  it('order: tells messages that are gone from such that stand elsewhere', async () => {
    const forgetful = changed(memoryPeer(), ({ read }) => ({
      read: async (chat) => (await read(chat)).slice(-6),
    }));
    assert.equal(await found('order', forgetful), 'of 12 messages 6 were left');
  });

  it('order: puts the clock right again when a turn fails', async () => {
    const { Date: before } = globalThis;
    let turns = 0;
    const failing = changed(memoryPeer(), () => ({
      turn: async () => {
        turns += 1;
        assert.ok(turns === 1 || globalThis.Date !== before);
        if (turns === 2) throw new Error('it was refused');
      },
    }));
    assert.equal(await found('order', failing), 'it failed: it was refused');
    assert.equal(globalThis.Date, before);
  });

  it('ownership: takes a session of one’s own for as good as being refused', async () => {
    const giving = changed(memoryPeer(), ({ open, turn }) => ({
      turn: async (chat, question, model) =>
        turn(chat.owner === 'mallory' ? await open(chat.owner, []) : chat, question, model),
    }));
    assert.equal(await found('ownership', giving), null);
  });

  it('ownership: notices what a stranger adds unheard', async () => {
    const blind = changed(memoryPeer('ownership'), ({ turn }) => ({
      turn: (chat, question, model) => turn(chat, question, (context) => model(context.slice(-1))),
    }));
    assert.equal(await found('ownership', blind), 'the stranger added 2 messages');
  });

  it('ownership: is not kept where the owner is refused as well', async () => {
    const strict = changed(memoryPeer(), ({ open, turn }) => ({
      turn: async (chat, question, model) => turn(await open(chat.owner, []), question, model),
    }));
    assert.equal(await found('ownership', strict), 'the owner’s model did not get the messages either');
  });

  it('expiry: is not kept where a session is not gone on with at any time', async () => {
    const short = changed(memoryPeer(), ({ open, turn }) => ({
      turn: async (chat, question, model) => turn(await open(chat.owner, []), question, model),
    }));
    assert.equal(await found('expiry', short), 'it was not gone on with even before');
  });

  it('expiry: takes beginning anew for as good as refusing', async () => {
    const anew = changed(memoryPeer(), ({ open, turn }) => ({
      turn: (chat, question, model) =>
        turn(chat, question, model).catch(async () => turn(await open(chat.owner, []), question, model)),
    }));
    assert.equal(await found('expiry', anew), null);
  });

  it('two writers: notices turns that fail, and says why the first did', async () => {
    const refusing = changed(memoryPeer(), () => ({
      turn: () => Promise.reject(new Error('aborted')),
    }));
    const expected = '10 turns failed (aborted), 0 messages were lost, 0 repeated, 0 out of order';
    assert.equal(await found('two writers', refusing), expected);
  });

  it('two writers: notices a context that is not the end of the history', async () => {
    for (const part of [(all: string[]) => all.slice(-1), (all: string[]) => ['stale', ...all.slice(1)]]) {
      const stale = changed(memoryPeer(), ({ turn }) => ({
        turn: (chat, question, model) => turn(chat, question, (context) => model(part([...context]))),
      }));
      assert.equal(await found('two writers', stale), 'the next context was not the end of the history');
    }
  });
});

describe('checkGuarantee()', () => {
  it('closes all that it has opened before it fails with what closing one failed with', async () => {
    let open = 0;
    const peer = changed(memoryPeer(), () => {
      open += 1;
      const nth = open;
      return {
        close: async () => {
          if (nth > 1) await turnOfLoop();
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

  for (const outcome of ['kept', 'broken', 'failed'] as const) {
    it(`closes what it has opened where the guarantee is ${outcome}`, async () => {
      let open = 0;
      const peer = changed(memoryPeer(), () => {
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
      const found = { kept: null, broken: 'something else', failed: 'it failed: no' }[outcome];
      assert.deepEqual(await checkGuarantee(guarantee, peer, 'demo'), { guarantee: 'some', found });
      assert.equal(open, 0);
    });
  }
});
