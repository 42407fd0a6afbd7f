import { MemoryStore } from '../../src/memory/index.ts';
import { SMALL_LIMITS } from '../../src/testing/small-limits.ts';
import type { MakeHarness } from '../../src/testing/store-harness.ts';
import { frozenTime } from './frozen-time.ts';

/** A MemoryStore whose time stands still until it is advanced. */
export const memoryHarness: MakeHarness = (given = {}) => {
  const limits = { ...SMALL_LIMITS, ...given };
  const time = frozenTime();
  return {
    store: new MemoryStore({ limits, clock: time.now }),
    peer: null,
    limits,
    decidesAtOnce: true,
    ...time,
    settle: async () => {},
    close: async () => {},
  };
};
