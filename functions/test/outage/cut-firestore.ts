import type { AddedFault } from 'kb-sessions-testing';
import type { Hosted } from '../support/hosted.ts';

/**
 * Firestore is away, for all hosts behind this proxy, until the fault is removed. Nothing is answered meanwhile; what
 * was sent before a breaker opened arrives late, when nobody waits for it any more.
 */
export const cutFirestore = ({ proxy }: Pick<Hosted, 'proxy'>): AddedFault =>
  proxy.faults.add({ when: 'before', effect: { kind: 'black-hole' } });
