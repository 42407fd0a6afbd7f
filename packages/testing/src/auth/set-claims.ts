import { postJson } from './post-json.ts';

export interface Claims {
  /** `host:port` of the Auth emulator. */
  readonly auth: string;
  readonly projectId: string;
  readonly uid: string;
  readonly claims: Readonly<Record<string, unknown>>;
}

/** Sets a user's custom claims, as the Admin SDK's `setCustomUserClaims` does; the user's next token has them. */
export async function setClaims({ auth, projectId, uid, claims }: Claims): Promise<void> {
  await postJson(
    `http://${auth}/identitytoolkit.googleapis.com/v1/projects/${projectId}/accounts:update`,
    { localId: uid, customAttributes: JSON.stringify(claims) },
    ['localId'],
    { authorization: 'Bearer owner' },
  );
}
