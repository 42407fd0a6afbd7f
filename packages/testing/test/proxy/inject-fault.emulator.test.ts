import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { Firestore } from '@google-cloud/firestore';
import { status } from '@grpc/grpc-js';
import { type FirestoreProxy, runningSuite, startProxy } from '../../src/index.ts';
import { firestoreAt } from '../support/firestore-at.ts';
import { RawCalls } from '../support/raw-calls.ts';
import { until } from '../support/until.ts';

const { OK, CANCELLED, UNAVAILABLE, PERMISSION_DENIED } = status;
const both = ['before', 'after'] as const;

describe('the faults of startProxy(), at the client,', () => {
  let proxy: FirestoreProxy;
  let calls: RawCalls;
  /** Past the proxy. */
  let direct: Firestore;

  beforeEach(async () => {
    const target = runningSuite().firestore;
    const projectId = `demo-${randomUUID()}`;
    proxy = await startProxy({ target });
    calls = new RawCalls(proxy.address, projectId);
    direct = firestoreAt(target, projectId);
  });
  afterEach(async () => {
    await proxy.stop();
    calls.close();
    await direct.terminate();
  });

  async function n(path: string): Promise<unknown> {
    return (await direct.doc(path).get()).get('n');
  }

  async function codeOf({ ended }: ReturnType<RawCalls['set']>): Promise<number> {
    return (await ended).code;
  }

  describe('by their target', () => {
    const refused = { when: 'before', effect: { kind: 'code', code: 'PERMISSION_DENIED' } } as const;

    it('apply by method, prefix, skip and times', async () => {
      const fault = proxy.faults.add({ ...refused, methods: ['Commit'], prefix: 'c/', skip: 1, times: 2 });
      assert.equal(await codeOf(calls.set('c/a', 1)), OK);
      assert.equal(await codeOf(calls.set('d/a', 1)), OK);
      assert.equal(await codeOf(calls.get('c/a')), OK);
      assert.equal(await codeOf(calls.set('c/b', 1)), PERMISSION_DENIED);
      assert.equal(await codeOf(calls.set('c/b', 1)), PERMISSION_DENIED);
      assert.equal(await codeOf(calls.set('c/b', 1)), OK);
      assert.equal(fault.hits(), 2);
    });

    it('apply to lookups, queries and aggregations by prefix until the fault is removed', async () => {
      const fault = proxy.faults.add({ ...refused, prefix: 'c/' });
      const codes = (collection: string) =>
        Promise.all([
          codeOf(calls.get(`${collection}/a`)),
          codeOf(calls.query(collection)),
          codeOf(calls.count(collection)),
        ]);
      assert.deepEqual(await codes('c'), [PERMISSION_DENIED, PERMISSION_DENIED, PERMISSION_DENIED]);
      assert.deepEqual(await codes('d'), [OK, OK, OK]);
      fault.remove();
      assert.deepEqual(await codes('c'), [OK, OK, OK]);
      assert.equal(fault.hits(), 3);
    });

    it('apply to a listener that requests its target', async () => {
      proxy.faults.add({ ...refused, methods: ['Listen'], prefix: 'c/a' });
      assert.equal(await codeOf(calls.listen('c/a')), PERMISSION_DENIED);
      const other = calls.listen('c/b');
      await other.begun;
      other.cancel();
      await other.ended;
    });
  });

  describe('with an error code', () => {
    const effect = { kind: 'code', code: 'DATA_LOSS', message: 'not today' } as const;

    it('prevent the call before the emulator, at no cost', async () => {
      proxy.faults.add({ when: 'before', effect });
      const { code, details } = await calls.set('c/a', 1).ended;
      assert.deepEqual([code, details], [status.DATA_LOSS, 'not today']);
      assert.equal(await n('c/a'), undefined);
      const { writes, bytesUp, rpcs } = proxy.meter.take();
      assert.deepEqual([writes, bytesUp, rpcs], [0, 0, { Commit: 1 }]);
    });

    it('replace the answer after the emulator has processed and billed the call', async () => {
      await Promise.all(['c/a', 'c/b', 'c/c'].map((path) => direct.doc(path).set({ n: 1 })));
      proxy.faults.add({ when: 'after', effect });
      for (const call of [() => calls.get('c/a'), () => calls.query('c'), () => calls.count('c')]) {
        const { code, messages } = await call().ended;
        assert.deepEqual([code, messages], [status.DATA_LOSS, 0]);
      }
      assert.equal(await codeOf(calls.set('c/a', 2)), status.DATA_LOSS);
      assert.equal(await n('c/a'), 2);
      const { reads, writes, trips } = proxy.meter.take();
      assert.deepEqual([reads, writes, trips], [1 + 3 + 1, 1, 4]);
    });
  });

  describe('with a delay', () => {
    it('hold the call before its effect, or its answer after it', async () => {
      for (const when of both) {
        const fault = proxy.faults.add({ when, effect: { kind: 'delay', ms: 100 } });
        const started = performance.now();
        assert.equal(await codeOf(calls.set(`c/${when}`, 1)), OK);
        // A timer may be a little early by another clock.
        assert.ok(performance.now() - started > 95, when);
        fault.remove();
      }
    });

    it('hold the answer after the emulator has applied the call', async () => {
      proxy.faults.add({ when: 'after', effect: { kind: 'delay', ms: 60_000 } });
      const held = calls.set('c/a', 1);
      await until(async () => (await n('c/a')) === 1);
      held.cancel();
      assert.equal(await codeOf(held), CANCELLED);
    });
  });

  describe('with a black hole', () => {
    it('apply the call and answer it when the faults are cleared', async () => {
      proxy.faults.add({ when: 'after', effect: { kind: 'black-hole' } });
      const held = calls.set('c/a', 1);
      let answered = false;
      void held.ended.then(() => {
        answered = true;
      });
      await until(async () => (await n('c/a')) === 1);
      assert.equal(answered, false);
      proxy.faults.clear();
      const { code, messages } = await held.ended;
      assert.deepEqual([code, messages], [OK, 1]);
    });

    it('lose held calls when the proxy stops, with or without thenApply', async () => {
      for (const thenApply of [true, false]) {
        const effect = { kind: 'black-hole', thenApply } as const;
        proxy.faults.add({ prefix: `c/${thenApply}`, when: 'before', effect });
      }
      const held = [calls.set('c/true', 1), calls.set('c/false', 1)];
      await until(() => proxy.faults.all.every((fault) => fault.hits() === 1));
      await proxy.stop();
      assert.deepEqual(await Promise.all(held.map(codeOf)), [CANCELLED, CANCELLED]);
      assert.deepEqual([await n('c/true'), await n('c/false')], [undefined, undefined]);
    });
  });

  describe('with a dropped connection', () => {
    it('reset the client before or after the call was applied', async () => {
      for (const when of both) {
        proxy.faults.add({ times: 1, when, effect: { kind: 'drop' } });
        const { code, details } = await calls.set(`c/${when}`, 1).ended;
        assert.equal(code, UNAVAILABLE);
        assert.match(details, /ECONNRESET/);
      }
      assert.deepEqual([await n('c/before'), await n('c/after')], [undefined, 1]);
      assert.equal(proxy.meter.take().writes, 1);
      assert.equal(await codeOf(calls.set('c/next', 1)), OK);
    });

    it('fail the other calls on the connection too', async () => {
      const hole = proxy.faults.add({ prefix: 'c/held', when: 'before', effect: { kind: 'black-hole' } });
      proxy.faults.add({ prefix: 'c/dropped', when: 'before', effect: { kind: 'drop' } });
      const held = calls.set('c/held', 1);
      await until(() => hole.hits() === 1);
      await calls.set('c/dropped', 1).ended;
      assert.equal(await codeOf(held), UNAVAILABLE);
    });
  });

  it('truncate an answer after its first messages, and charge all of it', async () => {
    await Promise.all(['c/a', 'c/b', 'c/c', 'c/d'].map((path) => direct.doc(path).set({ n: 1 })));
    proxy.faults.add({ when: 'after', effect: { kind: 'cut', afterMessages: 3 } });
    const { code, messages } = await calls.query('c').ended;
    assert.deepEqual([code, messages], [UNAVAILABLE, 3]);
    assert.equal(proxy.meter.take().reads, 4);
  });

  describe('for an abandoned call', () => {
    it('lose the call', async () => {
      const fault = proxy.faults.add({ prefix: 'c/a', when: 'before', effect: { kind: 'black-hole' } });
      const held = calls.set('c/a', 1);
      await until(() => fault.hits() === 1);
      held.cancel();
      assert.equal(await codeOf(held), CANCELLED);
      // The cancellation has arrived before what is sent after it.
      await calls.set('c/b', 1).ended;
      fault.remove();
      await calls.set('c/b', 2).ended;
      assert.equal(await n('c/a'), undefined);
      const { writes, trips } = proxy.meter.take();
      assert.deepEqual([writes, trips], [2, 3]);
    });

    it('apply it late with thenApply, after the fault is removed', async () => {
      const effect = { kind: 'black-hole', thenApply: true } as const;
      const fault = proxy.faults.add({ times: 1, when: 'before', effect });
      const held = calls.set('c/a', 1);
      await until(() => fault.hits() === 1);
      held.cancel();
      assert.equal(await codeOf(held), CANCELLED);
      await calls.set('c/a', 2).ended;
      assert.deepEqual([await n('c/a'), proxy.meter.take().writes], [2, 1]);
      fault.remove();
      await until(() => proxy.meter.take().writes === 1);
      assert.equal(await n('c/a'), 1);
    });

    it('apply it late with thenApply, at its time', async () => {
      const effect = { kind: 'delay', ms: 1_000, thenApply: true } as const;
      const fault = proxy.faults.add({ times: 1, when: 'before', effect });
      const held = calls.set('c/a', 1);
      await until(() => fault.hits() === 1);
      held.cancel();
      assert.equal(await codeOf(held), CANCELLED);
      await calls.set('c/a', 2).ended;
      let writes = 0;
      await until(() => {
        writes += proxy.meter.take().writes;
        return writes === 2;
      });
    });

    it('answer it with thenApply when the caller still waits', async () => {
      proxy.faults.add({ when: 'before', effect: { kind: 'delay', ms: 20, thenApply: true } });
      const { code, messages } = await calls.set('c/a', 1).ended;
      assert.deepEqual([code, messages, await n('c/a')], [OK, 1, 1]);
    });
  });
});
