import { randomUUID } from 'node:crypto';
import type { CallName } from 'kb-sessions-contract';
import { handlers, isCallName } from '../../src/callables/handlers.ts';
import * as singles from '../../src/callables/single-endpoints.ts';
import { type Hosted, startHosted } from './hosted.ts';
import { singleFunctions } from './single-functions.ts';

/** `group`: a call of the function `sessions`; `single`: a function of its own. */
export type Endpoint = { deployed: 'group' | 'single'; name: CallName };

/** Every call of the group, and every call that a project can deploy as a function of its own. */
export const endpoints: readonly Endpoint[] = [
  ...Object.keys(handlers)
    .filter(isCallName)
    .filter((name) => handlers[name].deployment !== 'single')
    .map((name): Endpoint => ({ deployed: 'group', name })),
  ...Object.keys(singles)
    .filter(isCallName)
    .map((name): Endpoint => ({ deployed: 'single', name })),
];

export type HostedEndpoints = Record<Endpoint['deployed'], Hosted> & { stop(): Promise<void> };

/** Hosts of both, with the same params and the same database. */
export const startEndpoints = async (params: Record<string, string> = {}): Promise<HostedEndpoints> => {
  const { source, remove } = await singleFunctions();
  const database = `test-${randomUUID()}`;
  const [group, single] = await Promise.all([
    startHosted({ params, database }),
    startHosted({ params, database, source }),
  ]);
  return {
    group,
    single,
    stop: async () => {
      await Promise.all([group.stop(), single.stop()]);
      await remove();
    },
  };
};
