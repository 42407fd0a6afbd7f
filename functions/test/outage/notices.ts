import { eventually } from '../../../packages/sessions/test/support/eventually.ts';
import type { Hosted } from '../support/hosted.ts';
import { type LogLine, linesIn } from '../support/log-lines.ts';

export type Notice = LogLine & { [detail: string]: unknown };

/**
 * What the first host has logged of outages, oldest first, once there are `count` notices that `accepts` returns true
 * for. A host writes a line before it answers the call, but the line may arrive later than the answer.
 */
export const noticesOf = (
  { hosts: [host] }: Pick<Hosted, 'hosts'>,
  accepts: (notice: Notice) => boolean = () => true,
  count = 1,
): Promise<Notice[]> =>
  eventually(
    () =>
      linesIn(host?.output() ?? '')
        .filter(({ message }) => /^(firestore|fallback|redis)\./.test(message))
        .map((line) => ({ ...line }))
        .filter(accepts),
    (notices) => notices.length >= count,
  );
