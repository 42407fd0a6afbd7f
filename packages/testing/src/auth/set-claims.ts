import { postJson } from './post-json.ts';

export type Claims = {
  /** `host:port` of the Auth emulator. */
  auth: string;
  projectId: string;
  uid: string;
  claims: Record<string, unknown>;
};

/** Sets a user's custom claims, as the Admin SDK's `setCustomUserClaims` does; the user's next token has them. */
export const setClaims = async ({ auth, projectId, uid, claims }: Claims): Promise<void> => {
  await postJson(
    `http://${auth}/identitytoolkit.googleapis.com/v1/projects/${projectId}/accounts:update`,
    { localId: uid, customAttributes: JSON.stringify(claims) },
    ['localId'],
    { authorization: 'Bearer owner' },
  );
};
