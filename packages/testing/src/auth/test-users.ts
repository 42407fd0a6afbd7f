import { randomUUID } from 'node:crypto';

/** The Auth emulator, and the project that it was started for: it signs in users of no other project. */
export type AuthEmulator = {
  /** `host:port` */
  auth: string;
  projectId: string;
};

export type NewUser = AuthEmulator & {
  /** Custom claims, as in `{ agent: true }`. */
  claims?: Record<string, unknown>;
  /** Counts as verified. A user without an e-mail address is anonymous. */
  email?: string;
  name?: string;
};

export type SignedInUser = {
  uid: string;
  /** An ID token with the claims, the e-mail address and the name. It is valid for an hour. */
  idToken: string;
};

// The emulator's REST API is shorter here than the Admin SDK: the SDK makes no ID tokens, and reads the address of the
// emulator from the environment of the process.

/** Creates a user at the Auth emulator and signs it in. @throws Error with the response of the emulator */
export const createUser = async ({ claims, email, name, ...emulator }: NewUser): Promise<SignedInUser> => {
  const { localId: uid, refreshToken } = await postJson(
    `http://${emulator.auth}/identitytoolkit.googleapis.com/v1/accounts:signUp?key=any`,
    { returnSecureToken: true, ...(email !== undefined && { email, password: randomUUID() }) },
    ['localId', 'refreshToken'],
  );
  await updateUser(emulator, uid, {
    ...(email !== undefined && { emailVerified: true }),
    ...(name !== undefined && { displayName: name }),
    ...(claims && { customAttributes: JSON.stringify(claims) }),
  });
  // A token holds what was known when it was issued, so the token of the sign-up lacks the claims.
  const { id_token: idToken } = await postJson(
    `http://${emulator.auth}/securetoken.googleapis.com/v1/token?key=any`,
    { grant_type: 'refresh_token', refresh_token: refreshToken },
    ['id_token'],
  );
  return { uid, idToken };
};

/** Sets the custom claims of a user, as the Admin SDK's `setCustomUserClaims` does. The next ID token has them. */
export const setClaims = (
  emulator: AuthEmulator,
  uid: string,
  claims: Record<string, unknown>,
): Promise<void> => updateUser(emulator, uid, { customAttributes: JSON.stringify(claims) });

const HOUR_SECONDS = 60 * 60;

/**
 * Revokes all tokens of a user, and those of the next hour. The Admin SDK's `revokeRefreshTokens` counts in seconds, so a
 * token of the current second would stay valid.
 */
export const revokeTokens = ({ uid, ...emulator }: AuthEmulator & { uid: string }): Promise<void> =>
  updateUser(emulator, uid, { validSince: String(Math.floor(Date.now() / 1000) + HOUR_SECONDS) });

const updateUser = async ({ auth, projectId }: AuthEmulator, uid: string, fields: object): Promise<void> => {
  const url = `http://${auth}/identitytoolkit.googleapis.com/v1/projects/${projectId}/accounts:update`;
  // The emulator accepts `owner` as the token of an administrator.
  await postJson(url, { localId: uid, ...fields }, ['localId'], { authorization: 'Bearer owner' });
};

/** Posts JSON and returns the given text fields of the response. @throws Error with any other response */
const postJson = async <Field extends string>(
  url: string,
  body: object,
  fields: Field[],
  headers: Record<string, string> = {},
): Promise<Record<Field, string>> => {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  const answer = response.ok ? JSON.parse(text) : {};
  if (fields.every((field) => typeof answer[field] === 'string')) return answer;
  throw new Error(`POST ${url} needs an answer with ${fields.join(', ')}, got ${response.status} ${text}`);
};
