import { randomUUID } from 'node:crypto';
import { initializeTestEnvironment, type RulesTestContext } from '@firebase/rules-unit-testing';
import { doc, writeBatch } from 'firebase/firestore';
import { type Caller, callers } from './callers.ts';
import { allCollections } from './matrix.ts';
import type { Database } from './operations.ts';
import { records } from './records.ts';

/** A project of its own in the Firestore emulator that FIRESTORE_EMULATOR_HOST names. */
export interface Stage {
  readonly projectId: string;
  /** Sets the rules and puts the matrix' records into place. Rejects when the emulator does not take the rules. */
  play(rules: string): Promise<void>;
  /** Firestore as the caller sees it. */
  as(caller: Caller): Database;
  close(): Promise<void>;
}

/** Opens a stage, without rules and records at first. */
export async function openStage(): Promise<Stage> {
  const projectId = `demo-rules-${randomUUID()}`;
  const environment = await initializeTestEnvironment({ projectId, firestore: {} });
  const databases = new Map(
    callers.map((caller) => {
      const { uid, claims } = caller;
      const context =
        uid === null ? environment.unauthenticatedContext() : environment.authenticatedContext(uid, claims);
      return [caller, context.firestore()];
    }),
  );
  return {
    projectId,
    play: async (rules) => {
      // Sets the rules of the project, whoever else works in it; the callers keep their connections.
      await initializeTestEnvironment({ projectId, firestore: { rules } });
      await environment.withSecurityRulesDisabled(putRecords);
    },
    as: (caller) => {
      const db = databases.get(caller);
      if (db === undefined) throw new Error(`No such caller: ${caller.name}`);
      return db;
    },
    close: () => environment.cleanup(),
  };
}

async function putRecords(context: RulesTestContext): Promise<void> {
  const db = context.firestore();
  const batch = writeBatch(db);
  for (const path of allCollections)
    for (const [id, record] of Object.entries(records)) batch.set(doc(db, path, id), record);
  await batch.commit();
}
