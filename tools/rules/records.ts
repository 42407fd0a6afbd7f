import { callers, ownerUid } from './callers.ts';

/** Ids of the documents that each collection of the matrix holds, and of one that it does not. */
export const recordId = {
  of: (uid: string | null) => `of-${uid}`,
  missing: 'missing',
  withoutUser: 'without-user_id',
  userNumber: 'user_id-number',
  userList: 'user_id-list',
  userMap: 'user_id-map',
} as const;

/** What each collection of the matrix holds, by id: a record of each caller's, and some that no code of ours would write. */
export const records: Readonly<Record<string, object>> = {
  ...Object.fromEntries(callers.map(({ uid }) => [recordId.of(uid), recordOf({ user_id: uid })])),
  [recordId.withoutUser]: recordOf({}),
  [recordId.userNumber]: recordOf({ user_id: 1 }),
  [recordId.userList]: recordOf({ user_id: [ownerUid] }),
  [recordId.userMap]: recordOf({ user_id: { [ownerUid]: true } }),
};

function recordOf(user: object) {
  return { ...user, session_id: 'one', created_at: new Date(0), status: 'active' };
}
