import { MemoryStore } from '../../src/session/index.ts';
import { frozenTime } from './frozen-time.ts';
import { SMALL_LIMITS } from './limits.ts';
import type { MakeHarness } from './store-harness.ts';

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
