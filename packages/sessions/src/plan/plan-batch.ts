import type { SessionError } from 'kb-sessions-contract/errors';
import type { Message, Session } from 'kb-sessions-contract/records';
import type { Load, LoadMessages, PlanContext, Planner, ReadView } from './types.ts';

/** The result or the error of one operation of a batch. */
export type OperationOutcome<Result> = { ok: true; result: Result } | { ok: false; error: SessionError };

/** What the operations of a batch do together: read more and plan again, or one outcome each, in their order, and the writes of all. */
export type BatchPlan<Result> =
  | Load
  | LoadMessages
  | {
      kind: 'ready';
      outcomes: OperationOutcome<Result>[];
      sessions: Session[];
      messages: Message[];
      escalations: number;
    };

/**
 * Plans the operations of a batch one after the other, each on the state that the earlier ones leave. A refused operation
 * changes nothing for the others, except that a session which it found expired stays expired.
 */
export const planBatch = <Result>(
  view: ReadView,
  planners: Planner<Result>[],
  context: PlanContext,
): BatchPlan<Result> => {
  const sessions = new Map<string, Session>();
  const messages = new Map<string, Message>();
  const outcomes: OperationOutcome<Result>[] = [];
  const messagesToLoad: string[] = [];
  let escalations = 0;
  const plannedView: ReadView = {
    session: (id) => sessions.get(id) ?? view.session(id),
    message: (id) => messages.get(id) ?? view.message(id),
    user: (id) => view.user(id),
  };
  for (const planner of planners) {
    const plan = planner(plannedView, context);
    if (plan.kind === 'load') return plan;
    if (plan.kind === 'load-messages') {
      messagesToLoad.push(...plan.message_ids);
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
  if (messagesToLoad.length > 0) return { kind: 'load-messages', message_ids: [...new Set(messagesToLoad)] };
  return {
    kind: 'ready',
    outcomes,
    sessions: [...sessions.values()],
    messages: [...messages.values()],
    escalations,
  };
};
