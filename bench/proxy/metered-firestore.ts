import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Cost } from 'kb-sessions-testing';
import type { Reply, Request } from './proxy-process.ts';

/** A Firestore emulator behind a proxy that delays and meters RPCs. */
export type MeteredFirestore = {
  /** The address of the proxy, as `host:port`. */
  address: string;
  /** The address of the emulator, without delay and meter. */
  emulator: string;
  /** Sets the delay of each RPC from now on, in milliseconds. */
  delay(ms: number): Promise<void>;
  /** Returns the cost since the last call. */
  take(): Promise<Cost>;
  stop(): Promise<void>;
};

/** @param target the address of the emulator, as `host:port` */
export const meterFirestore = async (target: string): Promise<MeteredFirestore> => {
  const child = fork(join(import.meta.dirname, 'proxy-process.ts'), [target]);
  const exited = once(child, 'exit');
  const receive = async <Kind extends Reply['kind']>(kind: Kind): Promise<Extract<Reply, { kind: Kind }>> => {
    const [reply]: Reply[] = await Promise.race([
      once(child, 'message'),
      exited.then(([code]) => Promise.reject(new Error(`the proxy must answer, found exit code ${code}`))),
    ]);
    const isExpected = (found?: Reply): found is Extract<Reply, { kind: Kind }> => found?.kind === kind;
    if (!isExpected(reply)) throw new Error(`the proxy must answer ${kind}, found ${reply?.kind}`);
    return reply;
  };
  const ask = <Kind extends Reply['kind']>(request: Request, kind: Kind) => {
    const reply = receive(kind);
    child.send(request);
    return reply;
  };
  const { address } = await receive('ready');
  return {
    address,
    emulator: target,
    delay: async (ms) => void (await ask({ kind: 'delay', ms }, 'delayed')),
    take: async () => (await ask({ kind: 'take' }, 'taken')).cost,
    async stop() {
      child.disconnect();
      await exited;
    },
  };
};
