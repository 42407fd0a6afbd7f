/** The user who owns what the matrix calls "the owner's". In the middle of the alphabet, so that there are uids on both sides. */
export const ownerUid = 'm-owner';

/** Somebody who calls. */
export interface Caller {
  readonly name: string;
  /** Null: without a token. */
  readonly uid: string | null;
  /** What the token says beside the uid. */
  readonly claims: Readonly<Record<string, unknown>>;
}

/** One caller of each kind. */
export const callers: readonly Caller[] = [
  { name: 'nobody', uid: null, claims: {} },
  { name: 'the owner', uid: ownerUid, claims: {} },
  { name: 'another user', uid: 'a-user', claims: {} },
  { name: 'an anonymous user', uid: 'z-guest', claims: { firebase: { sign_in_provider: 'anonymous' } } },
  { name: 'an agent', uid: 'b-agent', claims: { agent: true } },
  { name: 'an admin', uid: 'c-admin', claims: { admin: true } },
  { name: "one with admin: 'true'", uid: 'x-text', claims: { admin: 'true' } },
  { name: 'one with admin: 1', uid: 'x-number', claims: { admin: 1 } },
  { name: 'one with admin: {}', uid: 'x-map', claims: { admin: {} } },
];

/** Who a cell of the matrix lets through; it refuses everybody else. */
export const allowed: Readonly<Record<string, (caller: Caller) => boolean>> = {
  '-': () => false,
  owner: ({ uid }) => uid === ownerUid,
  'signed-in': ({ uid }) => uid !== null,
  admin: ({ claims }) => claims.admin === true,
};
