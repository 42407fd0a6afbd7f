import { errorText, failOnUnhandled } from '../bench-context.ts';
import type { Connection, Peer } from '../peers/peer.ts';

/** Opens a connection to a peer, as from another server. Connections are closed after the check. */
type Connect = (idleSeconds?: number) => Connection;

/** A property that a chat may require of its session store, and the check of it. */
export type Guarantee = {
  name: string;
  /** One sentence for the legend of the table. */
  promise: string;
  /** Returns null if the peer has the property, and otherwise a text that describes the violation. */
  check(connect: Connect): Promise<string | null>;
};

export type Verdict = { guarantee: string; found: string | null };

const LONG_IDLE_SECONDS = 2 * 60 * 60;

/**
 * Checks a guarantee on new sessions. A check that throws counts as a violation.
 * @throws the first error of closing a connection, after all are closed
 */
export const checkGuarantee = async (
  guarantee: Guarantee,
  peer: Peer,
  projectId: string,
): Promise<Verdict> => {
  const opened: Connection[] = [];
  const connect: Connect = (idleSeconds = LONG_IDLE_SECONDS) => {
    const connection = peer.connect({ projectId, idleSeconds });
    opened.push(connection);
    return connection;
  };
  const found = await failOnUnhandled(() => guarantee.check(connect)).catch(
    (error: unknown) => `it failed: ${errorText(error)}`,
  );
  const closed = await Promise.allSettled(opened.map((connection) => connection.close()));
  for (const result of closed) if (result.status === 'rejected') throw result.reason;
  return { guarantee: guarantee.name, found };
};
