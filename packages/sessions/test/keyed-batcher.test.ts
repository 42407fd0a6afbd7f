import assert from 'node:assert/strict';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { KeyedBatcher } from '../src/keyed-batcher.ts';

type Work = { name: string; weight: number };
type Run = { key: string; names: string[]; finish(): void; fail(error: Error): void };

/** Lanes whose runs wait until the test finishes them; each answers a work with its name. */
const heldLanes = () => {
  const runs: Run[] = [];
  const lanes = new KeyedBatcher<Work, string>(
    (key, works) => {
      const { promise, resolve, reject } = Promise.withResolvers<string[]>();
      const names = works.map(({ name }) => name);
      runs.push({ key, names, finish: () => resolve(names), fail: reject });
      return promise;
    },
    ({ weight }) => weight,
  );
  const submit = (name: string, { key = 'a', weight = 0.1 } = {}) => lanes.enqueue(key, { name, weight });
  /** The run that began last. */
  const latest = (): Run => runs.at(-1) ?? assert.fail('nothing runs');
  return { runs, submit, latest };
};

const namesOf = (runs: Run[]) => runs.map(({ names }) => names.join(''));

describe('KeyedBatcher.enqueue()', () => {
  it('runs the first task of a key at once and alone', () => {
    const { runs, submit } = heldLanes();
    void submit('1');
    void submit('2');
    assert.deepEqual(namesOf(runs), ['1']);
  });

  it('sends queued tasks together, in order, when the queue of the key is free', async () => {
    const { runs, submit, latest } = heldLanes();
    const first = submit('1');
    const others = ['2', '3', '4'].map((name) => submit(name));
    latest().finish();
    assert.equal(await first, '1');
    assert.deepEqual(namesOf(runs), ['1', '234']);
    latest().finish();
    assert.deepEqual(await Promise.all(others), ['2', '3', '4']);
  });

  it('keeps keys apart', () => {
    const { runs, submit } = heldLanes();
    void submit('1', { key: 'a' });
    void submit('2', { key: 'b' });
    assert.deepEqual(
      runs.map(({ key }) => key),
      ['a', 'b'],
    );
  });

  it('combines tasks up to a total weight of 1', async () => {
    const { runs, submit, latest } = heldLanes();
    const first = submit('0');
    const all = [
      submit('1', { weight: 0.5 }),
      submit('2', { weight: 0.5 }),
      submit('3', { weight: 0.25 }),
      submit('4', { weight: 7 }),
      submit('5'),
    ];
    latest().finish();
    await first;
    for (const work of [all[1], all[2], all[3], all[4]]) {
      latest().finish();
      await work;
    }
    assert.deepEqual(namesOf(runs), ['0', '12', '3', '4', '5']);
  });

  it('rejects the tasks of a failed run with its error and continues with the rest', async () => {
    const { submit, latest } = heldLanes();
    const broken = new Error('broken');
    const first = submit('1');
    const together = [submit('2', { weight: 0.5 }), submit('3', { weight: 0.5 })];
    const after = submit('4', { weight: 0.5 });
    latest().finish();
    assert.equal(await first, '1');
    latest().fail(broken);
    for (const outcome of await Promise.allSettled(together)) {
      assert.deepEqual(outcome, { status: 'rejected', reason: broken });
    }
    latest().finish();
    assert.equal(await after, '4');
  });

  it('rejects when its run throws instead of returning a promise', async () => {
    const lanes = new KeyedBatcher<string, string>(
      () => {
        throw new Error('thrown');
      },
      () => 1,
    );
    await assert.rejects(lanes.enqueue('a', 'work'), /thrown/);
    await assert.rejects(lanes.enqueue('a', 'work'), /thrown/);
  });

  it('accepts a task that arrives when the queue becomes empty', async () => {
    const { runs, submit, latest } = heldLanes();
    const chained = submit('1').then(() => submit('2'));
    latest().finish();
    while (runs.length < 2) await Promise.resolve();
    latest().finish();
    assert.equal(await chained, '2');
  });

  it('answers every task once, in the order of its key, in any order of arrivals and ends', async () => {
    const work = fc.record({
      key: fc.constantFrom('a', 'b', 'c'),
      weight: fc.double({ min: 0, max: 1.5, noNaN: true }),
    });
    const property = fc.asyncProperty(
      fc.scheduler(),
      fc.array(work, { maxLength: 20 }),
      async (scheduler, given) => {
        const ran: Record<string, number[]> = {};
        let busy = '';
        const lanes = new KeyedBatcher<{ id: number; weight: number }, number>(
          async (key, works) => {
            assert.ok(!busy.includes(key), 'one run at a time for a key');
            busy += key;
            await scheduler.schedule(Promise.resolve());
            busy = busy.replace(key, '');
            ran[key] = [...(ran[key] ?? []), ...works.map(({ id }) => id)];
            const total = works.reduce((sum, { weight }) => sum + weight, 0);
            assert.ok(works.length === 1 || total <= 1, `${works.length} works weigh ${total}`);
            return works.map(({ id }) => id);
          },
          ({ weight }) => weight,
        );
        const answers = Promise.all(given.map(({ key, weight }, id) => lanes.enqueue(key, { id, weight })));
        await scheduler.waitFor(answers);
        assert.deepEqual(
          await answers,
          given.map((_, id) => id),
        );
        for (const [key, ids] of Object.entries(ran)) {
          const submitted = given.flatMap((one, id) => (one.key === key ? [id] : []));
          assert.deepEqual(ids, submitted);
        }
      },
    );
    await fc.assert(property);
  });

  it('keeps nothing in memory for a key with an empty queue', async () => {
    setFlagsFromString('--expose-gc');
    const collect: () => void = runInNewContext('gc');
    const lanes = new KeyedBatcher<null, null>(
      async () => [null],
      () => 1,
    );
    const fill = async (count: number) => {
      for (let index = 0; index < count; index += 1) {
        await lanes.enqueue(Buffer.alloc(4096, `${index} `).toString('latin1'), null);
      }
      collect();
      return process.memoryUsage().heapUsed;
    };
    const before = await fill(1000);
    const after = await fill(10_000);
    assert.ok(after - before < 4 * 1024 * 1024, `10,000 keys of 4 KB left ${after - before} bytes`);
    await lanes.enqueue('the lanes are still there', null);
  });
});
