import type * as callables from '../../../functions/src/callables/single-endpoints.ts';
import type { CallName, CallOutput, DirectCallable, SessionsClient } from '../src/index.ts';

/**
 * Compiled by `npm run types` and never run: `Equal` must come out true, and tsc reports a `@ts-expect-error` whose
 * next line it accepts.
 */
type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

/** What `onCall` makes is what the direct transport takes. */
export const fromFirebase = (call: (typeof callables)['addMessage']): DirectCallable => call;

export const checks = async (client: SessionsClient, session_id: string) => {
  const everyCallOfTheContract: Equal<Exclude<keyof SessionsClient, 'pending' | 'flush'>, CallName> = true;
  const added = await client.addMessage({ session_id, role: 'user', content: 'What is an erf?' });
  const outputOfTheContract: Equal<typeof added, CallOutput<'addMessage'>> = true;

  // @ts-expect-error seq is null while volatile
  const volatile: number = added.seq;
  // @ts-expect-error no such field in the output
  const unknownOutput = added.sequence;

  // @ts-expect-error session_id is missing
  await client.getSession({});
  // @ts-expect-error the input is missing
  await client.getSession();
  // @ts-expect-error no such role
  await client.addMessage({ session_id, role: 'system', content: 'x' });
  // @ts-expect-error no such field in the input
  await client.getHistory({ session_id, before: 1 });
  // @ts-expect-error no such call
  await client.deleteSession({ session_id });
  await client.listSessions();

  return { everyCallOfTheContract, outputOfTheContract, volatile, unknownOutput };
};
