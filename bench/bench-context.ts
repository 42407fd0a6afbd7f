import type { MeteredFirestore } from './proxy/metered-firestore.ts';

/** What a benchmark runs on. */
export interface BenchContext {
  readonly firestore: MeteredFirestore;
  /** A project of its own, for which no function runs. */
  readonly projectId: string;
  /** Says how far it is. */
  log(line: string): void;
}

/** What each RPC waits in the proxy while something is measured, in milliseconds. */
export const DELAY_MS = 10;

/** Which session length stands for "idle for too long" nowhere. */
export const NEVER_IDLE_SECONDS = 24 * 60 * 60;

/**
 * Runs a piece of a peer's work. Fails also with what the peer threw where nobody waits, which without this would end
 * the process, or leave the work waiting for ever.
 */
export async function untilBroken<Result>(work: () => Promise<Result>): Promise<Result> {
  const broken = Promise.withResolvers<never>();
  process.on('unhandledRejection', broken.reject);
  try {
    return await Promise.race([work(), broken.promise]);
  } finally {
    process.off('unhandledRejection', broken.reject);
  }
}

export function reasonOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
