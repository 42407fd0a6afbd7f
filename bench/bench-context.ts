import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { MeteredFirestore } from './proxy/metered-firestore.ts';

/** The environment of a benchmark. */
export type BenchContext = {
  firestore: MeteredFirestore;
  /** A project of its own, which no function serves. */
  projectId: string;
  /** Reports progress. */
  log(line: string): void;
};

/** The delay of each RPC in the proxy during a measurement, in milliseconds. */
export const DELAY_MS = 10;

/** An idle timeout that no benchmark reaches. */
export const NEVER_IDLE_SECONDS = 24 * 60 * 60;

/**
 * Runs work of a peer. Rejects with an unhandled rejection of the peer too: it would otherwise end the process, or leave
 * the work pending forever.
 */
export const failOnUnhandled = async <Result>(work: () => Promise<Result>): Promise<Result> => {
  const unhandled = Promise.withResolvers<never>();
  process.on('unhandledRejection', unhandled.reject);
  try {
    return await Promise.race([work(), unhandled.promise]);
  } finally {
    process.off('unhandledRejection', unhandled.reject);
  }
};

export const errorText = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Deletes all data of a project in the emulator, which keeps everything in memory and slows down as it grows. */
export const clearProject = async (emulator: string, projectId: string): Promise<void> => {
  const documents = `http://${emulator}/emulator/v1/projects/${projectId}/databases/(default)/documents`;
  const { ok, status } = await fetch(documents, { method: 'DELETE' });
  if (!ok) throw new Error(`deleting the data of ${projectId} must succeed, found status ${status}`);
};

/** Creates a folder that this process removes when it exits. */
export const temporaryFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'kb-bench-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  return folder;
};
