import type { NewMessage } from 'kb-sessions/internal/session-store';
import { isSessionsError, type SessionsClient } from 'kb-sessions-client';
import type { CallInput, CallName, CallOutput } from 'kb-sessions-contract';
import { AGENT, type Call, failureOf, ownerOf } from './call.ts';
import { idOf, namedSession } from './ids.ts';
import type { CallStep, Target, Trait } from './scenario.ts';
import type { SimulatedDeployment } from './simulated-deployment.ts';
import type { Tab } from './tab.ts';

type Append = { session_id: string; recover: boolean; user_id?: string; messages: NewMessage[] };

const TRAITS: Record<Trait, Pick<NewMessage, 'role' | 'metadata'>> = {
  question: { role: 'user', metadata: {} },
  answer: { role: 'assistant', metadata: {} },
  confident: { role: 'assistant', metadata: { confidence: 0.7 } },
  escalates: { role: 'assistant', metadata: { escalated: true } },
};

export type Calls = {
  /** Whose sessions it uses. */
  readonly owner: string;
  /** Makes the call of a step and puts it into the world's history. `label` goes into what it writes. */
  call(step: CallStep, label: string): Promise<void>;
};

/** What an application does in its tab, which may be another one after a while. */
export const callsOf = (world: SimulatedDeployment, tab: () => Tab): Calls => {
  const appends: { input: Append; answer: { session_id: string; message_id: string } | null }[] = [];
  const isAgent = tab().user === AGENT;
  const owner = isAgent ? 'ann' : tab().user;
  const forOwner = isAgent ? { user_id: owner } : {};
  let latest = namedSession(owner, 'own');

  const send = async <Name extends CallName>(
    name: Name,
    input: CallInput<Name>,
  ): Promise<CallOutput<Name> | null> => {
    const { name: by, device, user, client } = tab();
    const from = world.moment();
    const record = (outcome: object): void => {
      world.trace(`${by} has ${name}:`, outcome);
      const whose = { owner: ownerOf(user, input), tab: by, device };
      const call: unknown = { name, input, ...whose, from, to: world.moment(), outcome };
      // TypeScript does not follow that input and outcome are those of one name.
      world.history.calls.push(call as Call);
    };
    try {
      const answer = await methodOf(client, name)(input);
      record({ kind: 'ok', answer });
      return answer;
    } catch (error) {
      if (!isSessionsError(error)) throw error;
      record(failureOf(error.code, error.reason ?? undefined));
      return null;
    }
  };

  const append = async (input: Append): Promise<void> => {
    const { messages, ...into } = input;
    const [first] = messages;
    if (!first) throw new Error('an append has messages');
    const kept: (typeof appends)[number] = { input, answer: null };
    appends.push(kept);
    const answer = await (messages.length > 1
      ? send('addMessages', { ...into, messages })
      : send('addMessage', { ...into, ...first }));
    if (!answer) return;
    latest = answer.session_id;
    kept.answer = { session_id: answer.session_id, message_id: first.message_id };
  };

  const idOfTarget = (target: Target): string => (target === 'latest' ? latest : namedSession(owner, target));

  const newMessages = (label: string, count: number, trait: Trait): NewMessage[] =>
    Array.from({ length: count }, (_, index) => {
      const content = `${owner}: ${label}, message ${index}`;
      return { message_id: idOf(content), content, ...TRAITS[trait] };
    });

  const again = async (nth: number, meddled: boolean): Promise<void> => {
    const { input } = appends[nth] ?? {};
    if (!input) return;
    const meddle = ({ content, ...rest }: NewMessage) => ({ ...rest, content: `${content} meddled` });
    await append(meddled ? { ...input, messages: input.messages.map(meddle) } : input);
  };

  const rate = async (nth: number, rating: 'positive' | 'negative'): Promise<void> => {
    const { answer } = appends[nth] ?? {};
    if (answer && !isAgent) await send('submitFeedback', { ...answer, rating });
  };

  const call = async (step: CallStep, label: string): Promise<void> => {
    if (step.kind === 'again') return again(step.nth, step.meddled);
    if (step.kind === 'feedback') return rate(step.nth, step.rating);
    if (step.kind === 'list') return void (await send('listSessions', { limit: 50 }));
    const session_id = idOfTarget(step.session);
    if (step.kind === 'append') {
      const { recover, count, trait } = step;
      return append({ session_id, recover, ...forOwner, messages: newMessages(label, count, trait) });
    }
    if (step.kind === 'create') {
      // What an agent opens, ends and rates is its own.
      if (isAgent) return;
      const created = await send('createSession', { session_id });
      latest = created?.session_id ?? latest;
    } else if (step.kind === 'get') {
      const got = await send('getSession', { session_id, recover: step.recover, ...forOwner });
      latest = got?.session.session_id ?? latest;
    } else if (step.kind === 'history') {
      await send('getHistory', { session_id, limit: 50, ...forOwner });
    } else if (step.kind === 'escalate') {
      await send('escalateSession', { session_id, ...forOwner });
    } else if (!isAgent) {
      await send('endSession', { session_id });
    }
  };

  return { owner, call };
};

const methodOf = <Name extends CallName>(client: SessionsClient, name: Name) =>
  // TypeScript does not follow that the input is that of the name.
  client[name] as unknown as (input: CallInput<Name>) => Promise<CallOutput<Name>>;
