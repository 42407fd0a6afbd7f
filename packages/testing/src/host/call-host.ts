import { TARGET } from './host-environment.ts';
import type { Host } from './start-host.ts';

/** The region only affects the URL. */
const REGION = 'us-central1';

export type RawResponse = {
  status: number;
  /** The unparsed body. */
  text: string;
  /** The body as JSON: `{ result }` or `{ error: { status, message, details } }`. */
  body: unknown;
};

/**
 * Calls a callable by its HTTP protocol, with data that a typed client cannot send.
 * @param idToken without it the call is not signed in
 */
export const callHost = async (
  { address, projectId }: Pick<Host, 'address' | 'projectId'>,
  name: string,
  data: unknown,
  idToken?: string,
): Promise<RawResponse> => {
  const response = await fetch(`http://${address}/${projectId}/${REGION}/${TARGET}/${name}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(idToken !== undefined && { authorization: `Bearer ${idToken}` }),
    },
    body: JSON.stringify({ data }),
  });
  const text = await response.text();
  return { status: response.status, text, body: JSON.parse(text) };
};
