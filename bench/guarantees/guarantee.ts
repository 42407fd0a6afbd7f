import { reasonOf, untilBroken } from '../bench-context.ts';
import type { Connection, Peer } from '../peers/peer.ts';

/** Connects to a peer, as one more server process; closed when the check is over. */
export type Connect = (idleSeconds?: number) => Connection;

/** Something that a chat may want of what keeps its sessions, and a check that finds out. */
export interface Guarantee {
  readonly name: string;
  /** One sentence for the legend of the table. */
  readonly promise: string;
  /** Null if the peer keeps it, otherwise what was found instead. */
  check(connect: Connect): Promise<string | null>;
}

export interface Verdict {
  readonly guarantee: string;
  readonly found: string | null;
}

const HOURS = 2 * 60 * 60;

/**
 * Checks a guarantee on sessions of its own. A peer that fails with an error does not keep it.
 * @throws whatever a connection fails with when it is closed, once all are
 */
export async function checkGuarantee(guarantee: Guarantee, peer: Peer, projectId: string): Promise<Verdict> {
  const opened: Connection[] = [];
  const connect: Connect = (idleSeconds = HOURS) => {
    const connection = peer.connect({ projectId, idleSeconds });
    opened.push(connection);
    return connection;
  };
  const found = await untilBroken(() => guarantee.check(connect)).catch(
    (error: unknown) => `it failed: ${reasonOf(error)}`,
  );
  const closed = await Promise.allSettled(opened.map((connection) => connection.close()));
  for (const close of closed) if (close.status === 'rejected') throw close.reason;
  return { guarantee: guarantee.name, found };
}
