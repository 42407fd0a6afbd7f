import { type Client, Metadata, status } from '@grpc/grpc-js';
import type { EffectAfter, EffectBefore, StatusEffect } from '../faults/fault.ts';
import type { TriggeredFault } from '../faults/faults.ts';
import type { CallRecorder } from '../meter/meter.ts';
import { bufferResponse, sendFirstMessages, sendResponse } from './buffered-response.ts';
import type { Connections } from './connections.ts';
import { endCall, forward, type IncomingCall } from './forward.ts';
import { waitUntil } from './wait-until.ts';

/** A call on its way through the proxy. */
export type ProxiedCall = {
  incoming: IncomingCall;
  target: Client;
  recorder: CallRecorder;
  connections: Connections;
  /** Aborts when the caller gives up or the proxy stops. */
  abandoned: AbortSignal;
  /** Aborts when the proxy stops. */
  stopping: AbortSignal;
};

/** Applies a fault to a call. */
export const injectFault = async (
  call: ProxiedCall,
  request: Buffer,
  { fault, removed }: TriggeredFault,
): Promise<void> => {
  if (fault.when === 'before') await injectBefore(call, request, fault.effect, removed);
  else await injectAfter(call, request, fault.effect, removed);
};

const injectBefore = async (
  call: ProxiedCall,
  request: Buffer,
  effect: EffectBefore,
  removed: AbortSignal,
): Promise<void> => {
  const { incoming, target, recorder, connections, abandoned, stopping } = call;
  switch (effect.kind) {
    case 'code':
      recordCancelled(recorder);
      return endWithStatus(incoming, effect);
    case 'drop':
      recordCancelled(recorder);
      return connections.reset(incoming.getPeer());
    case 'delay':
    case 'black-hole': {
      const until = effect.kind === 'delay' ? effect.ms : removed;
      if (!(await waitUntil(until, effect.thenApply ? stopping : abandoned)))
        return recordCancelled(recorder);
      if (!effect.thenApply) return forward(incoming, target, recorder);
      return sendResponse(incoming, await bufferResponse(incoming, request, target, recorder, stopping));
    }
  }
};

const injectAfter = async (
  { incoming, target, recorder, connections, abandoned, stopping }: ProxiedCall,
  request: Buffer,
  effect: EffectAfter,
  removed: AbortSignal,
): Promise<void> => {
  const response = await bufferResponse(incoming, request, target, recorder, stopping);
  switch (effect.kind) {
    case 'code':
      return endWithStatus(incoming, effect);
    case 'drop':
      return connections.reset(incoming.getPeer());
    case 'delay':
    case 'black-hole':
      if (await waitUntil(effect.kind === 'delay' ? effect.ms : removed, abandoned))
        sendResponse(incoming, response);
      return;
    case 'cut':
      await sendFirstMessages(incoming, response, effect.afterMessages);
      return connections.reset(incoming.getPeer());
  }
};

/** Records the end of a call that did not reach the target. */
export const recordCancelled = (recorder: CallRecorder): void => {
  recorder.end(status.CANCELLED);
};

const endWithStatus = (
  incoming: IncomingCall,
  { code, message = `${code} by a fault` }: StatusEffect,
): void => {
  endCall(incoming, { code: status[code], details: message, metadata: new Metadata() });
};
