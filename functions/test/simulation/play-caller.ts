import { SessionError } from '../../src/session/errors.ts';
import type { SessionStore } from '../../src/session/index.ts';
import type {
  Appended,
  AppendOperation,
  Created,
  Ended,
  FeedbackGiven,
  Got,
  NewMessage,
} from '../../src/session/store.ts';
import { SOMEBODY } from '../support/actor.ts';
import type { Caller, Step, Trait } from './scenario.ts';
import { idOf, sessionIdOf, type World } from './world.ts';

export type Outcome<Answer> =
  | { kind: 'ok'; answer: Answer }
  | { kind: 'refused'; code: string; reason: string | undefined }
  | { kind: 'unknown' };

type Of<Name extends string, Operation, Answer> = {
  name: Name;
  owner: string;
  operation: Operation;
  /** The turns at which it was first offered and finally answered. */
  from: number;
  to: number;
  outcome: Outcome<Answer>;
};

export type Call =
  | Of<'append', AppendOperation, Appended>
  | Of<'create', { session_id: string }, Created>
  | Of<'get', { session_id: string }, Got>
  | Of<'end' | 'escalate', { session_id: string }, Ended>
  | Of<'feedback', { message_id: string }, FeedbackGiven>;

const TRAITS: Record<Trait, Pick<NewMessage, 'role' | 'metadata'>> = {
  question: { role: 'user', metadata: {} },
  answer: { role: 'assistant', metadata: {} },
  confident: { role: 'assistant', metadata: { confidence: 0.7 } },
  escalates: { role: 'assistant', metadata: { escalated: true } },
};

/** Plays a caller's steps one after another and puts each call into `calls` when it is answered or given up. */
export const playCaller = async (
  world: World,
  { owner, instance, tries, steps }: Caller,
  name: string,
  calls: Call[],
): Promise<void> => {
  const appends: { operation: AppendOperation; outcome: Outcome<Appended> }[] = [];

  const offer = async <Answer>(work: (store: SessionStore) => Promise<Answer>) => {
    const from = world.schedule.turns;
    const outcome = await outcomeOf(tries, (attempt) => work(world.storeAt(instance + attempt)));
    return { owner, from, to: world.schedule.turns, outcome };
  };

  const append = async (operation: AppendOperation): Promise<void> => {
    const offered = await offer((store) => store.append(operation));
    appends.push({ operation, outcome: offered.outcome });
    calls.push({ name: 'append', operation, ...offered });
  };

  const rate = async (step: Step & { kind: 'feedback' }): Promise<void> => {
    const { outcome } = appends[step.nth] ?? {};
    const message_id = outcome?.kind === 'ok' ? outcome.answer.messages[0]?.message_id : undefined;
    if (outcome?.kind !== 'ok' || message_id === undefined) return;
    const operation = {
      owner,
      session_id: outcome.answer.session_id,
      message_id,
      rating: step.rating,
      comment: null,
    };
    calls.push({ name: 'feedback', operation, ...(await offer((store) => store.feedback(operation))) });
  };

  const play = async (step: Step, label: string): Promise<unknown> => {
    if (step.kind === 'wait') return world.wait(step.minutes);
    if (step.kind === 'sweep') return world.sweep();
    if (step.kind === 'reconcile') return world.reconcile();
    if (step.kind === 'feedback') return rate(step);
    if (step.kind === 'again') {
      const again = appends[step.nth]?.operation;
      return again && append(again);
    }
    const on = { owner, session_id: sessionIdOf(step.session), user: SOMEBODY };
    if (step.kind === 'append') {
      const messages = Array.from({ length: step.count }, (_, index) => {
        const content = `${label}, message ${index}`;
        return { message_id: idOf(content), content, ...TRAITS[step.trait] };
      });
      return append({ ...on, recover: step.recover, context_limit: null, messages });
    }
    if (step.kind === 'get') {
      const operation = { ...on, recover: step.recover };
      return calls.push({ name: 'get', operation, ...(await offer((store) => store.get(operation))) });
    }
    if (step.kind === 'create') {
      return calls.push({ name: 'create', operation: on, ...(await offer((store) => store.create(on))) });
    }
    const operation = { ...on, reason: null };
    const { kind } = step;
    return calls.push({ name: kind, operation, ...(await offer((store) => store[kind](operation))) });
  };

  for (const [index, step] of steps.entries()) {
    await world.schedule.turn(name);
    await play(step, `${name}, step ${index}`);
  }
};

/** Offers the same until it is clear what became of it, at most `tries` times, each at another instance. */
const outcomeOf = async <Answer>(
  tries: number,
  offer: (attempt: number) => Promise<Answer>,
): Promise<Outcome<Answer>> => {
  for (let attempt = 0; attempt < tries; attempt += 1) {
    try {
      return { kind: 'ok', answer: await offer(attempt) };
    } catch (error) {
      if (!(error instanceof SessionError)) throw error;
      const isClear = error.code !== 'unavailable' && error.code !== 'aborted';
      if (isClear) return { kind: 'refused', code: error.code, reason: error.details.reason };
    }
  }
  return { kind: 'unknown' };
};
