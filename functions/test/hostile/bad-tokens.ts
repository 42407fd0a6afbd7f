import type { CallName } from 'kb-sessions-contract';
import type { SignedInUser } from 'kb-sessions-testing';
import type { Attack } from './attack.ts';
import { CANARIES } from './valid-inputs.ts';

const base64 = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/**
 * What a caller may send in the place of its token. The Auth emulator's tokens are not signed, so forged ones are of
 * nobody, of another project or of another time here; a wrong signature is the SDK's to refuse in production.
 */
const authorizations = ({ idToken }: SignedInUser, projectId: string): (string | null)[] => {
  const now = Math.floor(Date.now() / 1000);
  const token = (claims: object, header: object = { alg: 'none' }): string =>
    `Bearer ${base64(header)}.${base64({
      sub: CANARIES.token,
      user_id: CANARIES.token,
      email: CANARIES.email,
      aud: projectId,
      iss: `https://securetoken.google.com/${projectId}`,
      iat: now,
      auth_time: now,
      exp: now + 3600,
      admin: true,
      ...claims,
    })}.`;
  return [
    null,
    'Bearer ',
    'Bearer null',
    `Bearer ${CANARIES.token}`,
    `Bearer ${CANARIES.token}.${CANARIES.token}.${CANARIES.token}`,
    'Bearer e30.e30.',
    `Bearer ${base64({ alg: 'none' })}.bm90IGpzb24.`,
    `Basic ${CANARIES.token}`,
    `${idToken}`,
    `Bearer  ${idToken}x`,
    `Bearer ${idToken.slice(0, -20)}`,
    `Bearer Bearer ${idToken}`,
    token({}),
    token({ sub: '' }),
    token({ sub: 'a'.repeat(129) }),
    token({ aud: 'another-project' }),
    token({ iss: 'https://127.0.0.1/' }),
    token({ iat: now - 7200, auth_time: now - 7200, exp: now - 3600 }),
    token({}, { alg: 'HS256', typ: 'JWT' }),
    token({}, { alg: 'RS256', kid: '../../etc/passwd' }),
  ];
};

/** Each valid body under each of them, for each of the calls. */
export const badTokens = (
  inputs: Readonly<Record<CallName, unknown>>,
  names: readonly CallName[],
  user: SignedInUser,
  projectId: string,
): Attack[] =>
  names.flatMap((call) =>
    authorizations(user, projectId).map((authorization) => ({
      title: `authorization ${authorization}`,
      call,
      headers: { 'content-type': 'application/json', ...(authorization !== null && { authorization }) },
      body: JSON.stringify({ data: inputs[call] }),
      expected: 'UNAUTHENTICATED',
    })),
  );
