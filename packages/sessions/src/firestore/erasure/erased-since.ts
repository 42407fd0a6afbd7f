import { FieldPath, type QueryDocumentSnapshot, Timestamp } from 'firebase-admin/firestore';
import { recordCost } from '../../operation-cost.ts';
import { ownerOf, tombstonesOf } from '../documents.ts';
import { mapErrors } from '../classify-error.ts';
import { withDeadline } from '../deadline.ts';
import type { FirestoreContext } from '../context.ts';

const PAGE = 300;
/**
 * So far, in milliseconds, what is asked next begins before what was read: a server's timestamp is the time of the
 * request, in whole milliseconds, and a write may be seen a little later than that.
 */
const OVERLAP_MS = 10_000;

/**
 * Users whose tombstone was written after `since`, in pages; and from when on to ask next, both in milliseconds of
 * the primary's clock. 1 read per user, at least 1. Nobody is left out, somebody may be named again.
 */
export const erasedSince = async (
  context: FirestoreContext,
  since: number,
): Promise<{ owners: string[]; until: number }> => {
  const written = tombstonesOf(context.db)
    .where('updated_at', '>', Timestamp.fromMillis(since))
    .orderBy('updated_at')
    .orderBy(FieldPath.documentId())
    .select('updated_at')
    .limit(PAGE);
  const owners: string[] = [];
  let after: QueryDocumentSnapshot | undefined;
  while (true) {
    const page = await mapErrors(withDeadline(context, (after ? written.startAfter(after) : written).get()));
    recordCost(Math.max(1, page.size), 0);
    owners.push(...page.docs.map(({ id }) => ownerOf(id)));
    if (page.size < PAGE) return { owners, until: page.readTime.toMillis() - OVERLAP_MS };
    after = page.docs.at(-1);
  }
};
