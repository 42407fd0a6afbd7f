import type { AddedFault } from 'kb-sessions-testing';
import type { Hosted } from '../support/hosted.ts';

/**
 * Starts an outage of Firestore for all hosts behind this proxy, until the fault is removed. Every RPC fails at once: the
 * client library does not repeat this code, so no host has to wait for a deadline.
 */
export const cutFirestore = ({ proxy }: Pick<Hosted, 'proxy'>): AddedFault =>
  proxy.faults.add({ when: 'before', effect: { kind: 'code', code: 'UNKNOWN' } });
