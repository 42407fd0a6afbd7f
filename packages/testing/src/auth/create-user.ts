import { randomUUID } from 'node:crypto';
import { postJson } from './post-json.ts';

export type NewUser = {
  /** `host:port` of the Auth emulator. */
  auth: string;
  /** The project that the emulator was started for: it signs users in to no other. */
  projectId: string;
  /** Custom claims, as in `{ agent: true }`. */
  claims?: Record<string, unknown>;
  /** Counts as verified. A user without an e-mail address is an anonymous one. */
  email?: string;
  name?: string;
};

export type SignedInUser = {
  uid: string;
  /** Carries claims, e-mail and name; valid for an hour. */
  idToken: string;
};

/** Creates a user at the Auth emulator and signs it in. */
export const createUser = async ({
  auth,
  projectId,
  claims,
  email,
  name,
}: NewUser): Promise<SignedInUser> => {
  const accounts = `http://${auth}/identitytoolkit.googleapis.com/v1`;
  const signUp = await postJson(
    `${accounts}/accounts:signUp?key=any`,
    { returnSecureToken: true, ...(email !== undefined && { email, password: randomUUID() }) },
    ['localId', 'refreshToken'],
  );
  await postJson(
    `${accounts}/projects/${projectId}/accounts:update`,
    {
      localId: signUp.localId,
      ...(email !== undefined && { emailVerified: true }),
      ...(name !== undefined && { displayName: name }),
      ...(claims && { customAttributes: JSON.stringify(claims) }),
    },
    ['localId'],
    { authorization: 'Bearer owner' },
  );
  // A token holds what was known when it was issued, so the one from the sign-up is of no use.
  const { id_token: idToken } = await postJson(
    `http://${auth}/securetoken.googleapis.com/v1/token?key=any`,
    { grant_type: 'refresh_token', refresh_token: signUp.refreshToken },
    ['id_token'],
  );
  return { uid: signUp.localId, idToken };
};
