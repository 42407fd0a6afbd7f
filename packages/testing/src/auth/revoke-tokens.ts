import { postJson } from './post-json.ts';

const HOUR_SECONDS = 60 * 60;

/**
 * Revokes every token that a user has, as the Admin SDK's `revokeRefreshTokens` does, and those of the next hour: the SDK
 * counts in seconds, and a token of this very second would stand.
 */
export const revokeTokens = async ({
  auth,
  projectId,
  uid,
}: {
  /** `host:port` of the Auth emulator. */
  auth: string;
  projectId: string;
  uid: string;
}): Promise<void> => {
  const validSince = String(Math.floor(Date.now() / 1000) + HOUR_SECONDS);
  await postJson(
    `http://${auth}/identitytoolkit.googleapis.com/v1/projects/${projectId}/accounts:update`,
    { localId: uid, validSince },
    ['localId'],
    { authorization: 'Bearer owner' },
  );
};
