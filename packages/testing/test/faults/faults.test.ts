import assert from 'node:assert/strict';
import { Faults } from '../../src/faults/faults.ts';

const drop = { when: 'before', effect: { kind: 'drop' } } as const;
const commit = { method: 'Commit', paths: ['c/d'] };
const query = { method: 'RunQuery', paths: ['c/'] };

describe('Faults', () => {
  let faults: Faults;

  beforeEach(() => {
    faults = new Faults();
  });

  it('passes the first selected calls, affects the next, and is then used up', () => {
    const added = faults.add({ ...drop, methods: ['Commit'], skip: 2, times: 1 });
    const affected = [commit, query, commit, query, commit, commit].map((call) => faults.trigger(call));
    assert.deepEqual(affected, [undefined, undefined, undefined, undefined, added, undefined]);
    assert.equal(added.hits(), 1);
  });

  it('affects every call if no count is given', () => {
    const added = faults.add(drop);
    assert.deepEqual(
      [commit, query, commit].map((call) => faults.trigger(call)),
      [added, added, added],
    );
    assert.equal(added.hits(), 3);
  });

  it('applies only the first matching fault to a call', () => {
    const first = faults.add({ ...drop, times: 1 });
    const second = faults.add({ ...drop, skip: 1, times: 1 });
    const third = faults.add(drop);
    const struck = [1, 2, 3, 4].map(() => faults.trigger(commit));
    assert.deepEqual(struck, [first, third, second, third]);
    assert.deepEqual([first.hits(), second.hits(), third.hits()], [1, 1, 2]);
  });

  it('discards a removed fault, which keeps its hits', () => {
    const added = faults.add(drop);
    const removed = faults.trigger(commit)?.removed;
    const kept = faults.add({ ...drop, prefix: 'other/' });
    assert.equal(removed?.aborted, false);
    added.remove();
    assert.equal(removed?.aborted, true);
    assert.equal(faults.trigger(commit), undefined);
    assert.equal(added.hits(), 1);
    assert.deepEqual(faults.all, [kept]);
  });

  it('removes all faults in clear()', () => {
    faults.add(drop);
    faults.add(drop);
    const removed = faults.trigger(commit)?.removed;
    faults.clear();
    assert.equal(removed?.aborted, true);
    assert.deepEqual(faults.all, []);
    assert.equal(faults.mayAffect('Commit'), false);
  });

  it('observes only the methods of its faults', () => {
    faults.add({ ...drop, methods: ['Commit'], prefix: 'c/' });
    assert.deepEqual(
      ['Commit', 'RunQuery'].map((method) => faults.mayAffect(method)),
      [true, false],
    );
  });
});
