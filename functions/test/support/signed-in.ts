import type { CallableRequest } from 'firebase-functions/https';

type Auth = NonNullable<CallableRequest['auth']>;

/** A verified token with these claims beside those that every token has. */
export const signedIn = (claims: object = {}, uid = 'ann'): Auth => {
  const standard = { aud: 'demo', auth_time: 1, exp: 2, iat: 1, iss: 'demo', sub: uid, uid };
  const firebase = { identities: {}, sign_in_provider: 'password' };
  return { uid, token: Object.assign(claims, standard, { firebase }), rawToken: `token of ${uid}` };
};
