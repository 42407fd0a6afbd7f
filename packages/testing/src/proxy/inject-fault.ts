import { type Client, Metadata, status } from '@grpc/grpc-js';
import type { EffectAfter, EffectBefore, Refusal } from '../faults/fault.ts';
import type { Strike } from '../faults/faults.ts';
import type { CallRecorder } from '../meter/meter.ts';
import { requestUnary, sendFirstMessage, sendResponse } from './buffered-response.ts';
import type { Connections } from './connections.ts';
import { endCall } from './end-call.ts';
import { forward, type IncomingCall } from './forward.ts';
import { waitUntil } from './wait-until.ts';

/** A call on its way through the proxy. */
export interface Passage {
  readonly incoming: IncomingCall;
  readonly target: Client;
  readonly recorder: CallRecorder;
  readonly connections: Connections;
  /** The caller has given up, or the proxy stops. */
  readonly givenUp: AbortSignal;
  /** The proxy stops. */
  readonly stopped: AbortSignal;
}

/** Lets a call suffer the fault that strikes it. */
export async function injectFault(
  passage: Passage,
  request: Buffer,
  { fault, removed }: Strike,
): Promise<void> {
  if (fault.when === 'before') await sufferBefore(passage, request, fault.effect, removed);
  else await sufferAfter(passage, request, fault.effect, removed);
}

async function sufferBefore(
  passage: Passage,
  request: Buffer,
  effect: EffectBefore,
  removed: AbortSignal,
): Promise<void> {
  const { incoming, target, recorder, connections, givenUp, stopped } = passage;
  switch (effect.kind) {
    case 'code':
      lose(recorder);
      return refuse(incoming, effect);
    case 'drop':
      lose(recorder);
      return connections.reset(incoming.getPeer());
    case 'delay':
    case 'black-hole': {
      const until = effect.kind === 'delay' ? effect.ms : removed;
      if (!(await waitUntil(until, effect.thenApply ? stopped : givenUp))) return lose(recorder);
      if (!effect.thenApply) return forward(incoming, target, recorder);
      return sendResponse(incoming, await requestUnary(incoming, request, target, recorder, stopped));
    }
  }
}

async function sufferAfter(
  { incoming, target, recorder, connections, givenUp, stopped }: Passage,
  request: Buffer,
  effect: EffectAfter,
  removed: AbortSignal,
): Promise<void> {
  const answer = await requestUnary(incoming, request, target, recorder, stopped);
  switch (effect.kind) {
    case 'code':
      return refuse(incoming, effect);
    case 'drop':
      return connections.reset(incoming.getPeer());
    case 'delay':
    case 'black-hole':
      if (await waitUntil(effect.kind === 'delay' ? effect.ms : removed, givenUp))
        sendResponse(incoming, answer);
      return;
    case 'cut':
      await sendFirstMessage(incoming, answer, effect.afterMessages);
      return connections.reset(incoming.getPeer());
  }
}

/** Records the end of a call that the target has never seen. */
export function lose(recorder: CallRecorder): void {
  recorder.end(status.CANCELLED);
}

function refuse(incoming: IncomingCall, { code, message = `${code} by a fault` }: Refusal): void {
  endCall(incoming, { code: status[code], details: message, metadata: new Metadata() });
}
