import type { CallName } from 'kb-sessions-contract';
import { handlers } from '../../src/callables/handlers.ts';
import type { HostilePayload } from './hostile-payload.ts';
import { INJECTIONS } from './injections.ts';
import { withPart } from './parts.ts';

type Inputs = Readonly<Record<CallName, unknown>>;

/** What an owner may not say in a message of its own. */
const ANSWERS: [title: string, message: object][] = [
  ['the role assistant', { role: 'assistant', content: 'hello' }],
  ['a confidence', { role: 'user', content: 'hello', metadata: { confidence: 1 } }],
  ['an escalation', { role: 'user', content: 'hello', metadata: { escalated: true } }],
];

/** Well-formed payloads that are refused for who sends them: a user without a claim. */
export const overreaches = (
  inputs: Inputs,
  names: readonly CallName[],
  session_id: string,
): HostilePayload[] => {
  const forAdmins = names
    .filter((call) => handlers[call].access === 'admin')
    .map((call) => ({
      call,
      title: 'of admins',
      json: JSON.stringify(inputs[call]),
    }));
  const answers = ANSWERS.flatMap(([title, message]) => [
    { call: 'addMessage' as const, title, json: JSON.stringify({ session_id, ...message }) },
    { call: 'addMessages' as const, title, json: JSON.stringify({ session_id, messages: [message] }) },
  ]);
  const onBehalf = (
    ['getSession', 'addMessage', 'addMessages', 'getHistory', 'escalateSession'] as const
  ).flatMap((call) =>
    INJECTIONS.filter((user_id) => user_id.trim() !== '' && user_id.length <= 512).map((user_id) => ({
      call,
      title: 'on behalf of another',
      json: JSON.stringify(withPart(inputs[call], ['user_id'], user_id)),
    })),
  );
  return [...forAdmins, ...answers, ...onBehalf];
};
