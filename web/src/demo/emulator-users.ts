/** A user of the Auth emulator, created when first needed. */
export type EmulatorUser = { email: string; displayName: string; claims?: Record<string, boolean> };

export const EMULATOR_PASSWORD = 'only-in-the-emulator';

/**
 * Creates the user with {@link EMULATOR_PASSWORD} if it does not exist, and sets its claims. Only the Auth emulator accepts
 * `owner` as the token of an administrator.
 *
 * @param emulator - `host:port` of the Auth emulator
 */
export const ensureEmulatorUser = async (
  emulator: string,
  projectId: string,
  { email, displayName, claims = {} }: EmulatorUser,
): Promise<void> => {
  const accounts = `http://${emulator}/identitytoolkit.googleapis.com/v1/projects/${projectId}/accounts`;
  const found: { users?: { localId: string }[] } = await post(`${accounts}:lookup`, { email: [email] });
  const existing = found.users?.[0];
  const { localId }: { localId: string } =
    existing ??
    (await post(accounts, { email, displayName, password: EMULATOR_PASSWORD, emailVerified: true }));
  await post(`${accounts}:update`, { localId, customAttributes: JSON.stringify(claims) });
};

const post = async (url: string, body: unknown) => {
  const response = await fetch(url, {
    method: 'POST',
    headers: { authorization: 'Bearer owner', 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`the Auth emulator answered ${response.status} to ${url}`);
  return response.json();
};
