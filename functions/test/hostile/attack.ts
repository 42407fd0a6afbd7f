import type { CallName } from 'kb-sessions-contract';

/** One request that must be refused. */
export type Attack = {
  title: string;
  method?: string;
  /** The call, or whatever stands in its place in the path. */
  call: string;
  headers: Readonly<Record<string, string>>;
  body: string | Buffer;
  /** The one status that it may be answered with: a code of the callable protocol, or an HTTP status of the framework. */
  expected: string | number;
};

export type ByUser = { idToken: string };

/** A payload as a client would send it, by somebody who is signed in. */
export const payload = (
  { idToken }: ByUser,
  { call, json, ...rest }: { title: string; call: CallName; json: string; expected: string },
): Attack => ({
  ...rest,
  call,
  headers: { 'content-type': 'application/json', authorization: `Bearer ${idToken}` },
  body: `{"data":${json}}`,
});
