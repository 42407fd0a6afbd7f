import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Cost } from 'kb-sessions-testing';
import type { Reply, Request } from './messages.ts';

/** A Firestore emulator behind a proxy that delays and meters. */
export interface MeteredFirestore {
  readonly address: string;
  /** The emulator itself, which nothing delays or meters. */
  readonly emulator: string;
  /** From now on each RPC waits this long, in milliseconds. */
  delay(ms: number): Promise<void>;
  /** What went through since the last time. */
  take(): Promise<Cost>;
  stop(): Promise<void>;
}

/** @param target the emulator's address, `host:port` */
export async function meterFirestore(target: string): Promise<MeteredFirestore> {
  const child = fork(join(import.meta.dirname, 'proxy-process.ts'), [target]);
  const exited = once(child, 'exit');
  const next = async (): Promise<Reply> => {
    const [reply]: Reply[] = await Promise.race([
      once(child, 'message'),
      exited.then(([code]) => Promise.reject(new Error(`the proxy was to answer, found it ended (${code})`))),
    ]);
    if (reply === undefined) throw new Error('the proxy was to answer, found nothing');
    return reply;
  };
  const ask = (request: Request): Promise<Reply> => {
    const reply = next();
    child.send(request);
    return reply;
  };
  const ready = await next();
  if (ready.kind !== 'ready') throw new Error(`the proxy was to be ready, found ${ready.kind}`);
  return {
    address: ready.address,
    emulator: target,
    async delay(ms) {
      await ask({ kind: 'delay', ms });
    },
    async take() {
      const reply = await ask({ kind: 'take' });
      if (reply.kind !== 'taken') throw new Error(`a cost was to be taken, found ${reply.kind}`);
      return reply.cost;
    },
    async stop() {
      child.disconnect();
      await exited;
    },
  };
}
