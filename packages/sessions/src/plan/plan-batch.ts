import type { SessionError } from 'kb-sessions-contract/errors';
import type { Message, Session } from 'kb-sessions-contract/records';
import type { Load, PlanContext, Planner, ReadView } from './types.ts';

export type OperationOutcome<Result> = { ok: true; result: Result } | { ok: false; error: SessionError };

/** What several operations do together: one answer for each, in their order, and the writes of all of them. */
export type BatchPlan<Result> =
  | Load
  | { kind: 'look'; message_ids: string[] }
  | {
      kind: 'ready';
      outcomes: OperationOutcome<Result>[];
      sessions: Session[];
      messages: Message[];
      escalations: number;
    };

/**
 * Plans operations one after the other, each on what those before it leave. One that is refused changes nothing for
 * the others, but that a session which it found expired is.
 */
export const planBatch = <Result>(
  view: ReadView,
  planners: Planner<Result>[],
  circumstances: PlanContext,
): BatchPlan<Result> => {
  const sessions = new Map<string, Session>();
  const messages = new Map<string, Message>();
  const outcomes: OperationOutcome<Result>[] = [];
  const wanted: string[] = [];
  let escalations = 0;
  const soFar: ReadView = {
    session: (id) => sessions.get(id) ?? view.session(id),
    message: (id) => messages.get(id) ?? view.message(id),
    user: (id) => view.user(id),
  };
  for (const planner of planners) {
    const plan = planner(soFar, circumstances);
    if (plan.kind === 'load') return plan;
    if (plan.kind === 'look') {
      wanted.push(...plan.message_ids);
      continue;
    }
    if (plan.kind === 'refuse') {
      for (const session of plan.expired) sessions.set(session.session_id, session);
      outcomes.push({ ok: false, error: plan.error });
      continue;
    }
    for (const session of plan.sessions) sessions.set(session.session_id, session);
    for (const message of plan.messages) messages.set(message.message_id, message);
    escalations += plan.escalations;
    outcomes.push({ ok: true, result: plan.result });
  }
  if (wanted.length > 0) return { kind: 'look', message_ids: [...new Set(wanted)] };
  return {
    kind: 'ready',
    outcomes,
    sessions: [...sessions.values()],
    messages: [...messages.values()],
    escalations,
  };
};
