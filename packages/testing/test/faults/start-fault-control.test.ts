import assert from 'node:assert/strict';
import { Faults } from '../../src/faults/faults.ts';
import { type FaultControl, startFaultControl } from '../../src/index.ts';

const fault = { when: 'before', effect: { kind: 'drop' } };

describe('startFaultControl()', () => {
  let faults: Faults;
  let delays: number[];
  let control: FaultControl;

  beforeEach(async () => {
    faults = new Faults();
    delays = [];
    control = await startFaultControl({ faults, setDelay: (ms) => delays.push(ms) });
  });
  afterEach(() => control.stop());

  async function ask(
    method: string,
    path: string,
    body?: unknown,
  ): Promise<{ status: number; body: unknown }> {
    const response = await fetch(`http://${control.address}${path}`, {
      method,
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
  }

  it('adds a fault, lists it with its hits, and removes it', async () => {
    const added = await ask('POST', '/faults', fault);
    const id = faults.all[0]?.id;
    assert.deepEqual(added, { status: 201, body: { id } });
    faults.trigger({ method: 'Commit', paths: [] });
    assert.deepEqual(await ask('GET', '/faults'), { status: 200, body: [{ id, fault, hits: 1 }] });
    assert.deepEqual(await ask('DELETE', `/faults/${id}`), { status: 204, body: undefined });
    assert.deepEqual(faults.all, []);
    assert.equal((await ask('DELETE', `/faults/${id}`)).status, 404);
  });

  it('removes one of several, and all', async () => {
    for (const _ of 'abc') await ask('POST', '/faults', fault);
    const [first, second, third] = faults.all;
    await ask('DELETE', `/faults/${second?.id}`);
    assert.deepEqual(faults.all, [first, third]);
    assert.equal((await ask('DELETE', '/faults')).status, 204);
    assert.deepEqual((await ask('GET', '/faults')).body, []);
  });

  it('sets the delay', async () => {
    assert.equal((await ask('POST', '/delay', { ms: 250 })).status, 204);
    assert.deepEqual(delays, [250]);
  });

  it('reports the error in an invalid request', async () => {
    const refused = await ask('POST', '/faults', { ...fault, times: 0 });
    assert.equal(refused.status, 400);
    assert.match(JSON.stringify(refused.body), /times: Too small/);
    assert.equal((await ask('POST', '/faults', '{')).status, 400);
    assert.equal((await ask('POST', '/delay', { ms: -1 })).status, 400);
    assert.equal((await ask('PUT', '/faults', fault)).status, 404);
    assert.equal((await ask('GET', '/')).status, 404);
    assert.deepEqual([faults.all, delays], [[], []]);
  });
});
