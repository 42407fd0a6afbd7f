import type { Hosted } from '../support/hosted.ts';
import { type LogLine, linesIn } from '../support/log-lines.ts';

export type Notice = LogLine & { [detail: string]: unknown };

/** What the first host has logged of outages, oldest first. */
export const noticesOf = ({ hosts: [host] }: Pick<Hosted, 'hosts'>): Notice[] =>
  linesIn(host?.output() ?? '')
    .filter(({ message }) => /^(firestore|fallback|redis)\./.test(message))
    .map((line) => ({ ...line }));
