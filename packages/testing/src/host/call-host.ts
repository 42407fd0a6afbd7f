import { TARGET } from './host-environment.ts';
import type { Host } from './start-host.ts';

/** The region matters to the URL alone. */
const REGION = 'us-central1';

export type RawResponse = {
  status: number;
  /** The text as it came. */
  text: string;
  /** The text as JSON: `{ result }` or `{ error: { status, message, details } }`. */
  body: unknown;
};

/** Calls a callable as its protocol has it, with any data at all: for what a typed client would never send. */
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
