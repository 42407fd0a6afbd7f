import { connectFunctionsEmulator } from 'firebase/functions';
import {
  createSessionsClient,
  memoryStorage,
  type OutboxStorage,
  type SessionsClient,
  type Settlement,
} from 'kb-sessions-client';
import { type Host, runningSuite, signUp } from 'kb-sessions-testing';
import type { Hosted } from '../support/hosted.ts';

export type Tab = {
  sessions: SessionsClient;
  /** What became of what was volatile, oldest first. */
  settled: readonly Settlement[];
};

/** A signed-in user of the real Firebase SDK. */
export type User = {
  uid: string;
  /** A tab of the user's browser: all of them share one queue, which outlives them. */
  openTab(): Tab;
  /** A browser elsewhere, with a queue of its own. */
  openBrowser(): Tab;
  /** From now on calls go to the first of these hosts, as when the load balancer changes its mind. */
  moveTo(hosted: Pick<Hosted, 'hosts'>): void;
  leave(): Promise<void>;
};

export const connectClient = async (hosted: Pick<Hosted, 'hosts'>): Promise<User> => {
  const {
    uid,
    functions,
    close: leave,
  } = await signUp({
    ...runningSuite(),
    functions: hostOf(hosted).address,
  });
  const open = (storage: OutboxStorage): Tab => {
    const settled: Settlement[] = [];
    const sessions = createSessionsClient(functions, { storage, onSettled: (what) => settled.push(what) });
    return { sessions, settled };
  };
  const shared = memoryStorage();
  return {
    uid,
    openTab: () => open(shared),
    openBrowser: () => open(memoryStorage()),
    moveTo(next) {
      const { hostname, port } = new URL(`http://${hostOf(next).address}`);
      connectFunctionsEmulator(functions, hostname, Number(port));
    },
    leave,
  };
};

const hostOf = ({ hosts: [host] }: Pick<Hosted, 'hosts'>): Host => {
  if (!host) throw new Error('a user was to enter at a host, found none');
  return host;
};
