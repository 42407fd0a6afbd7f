import type { Status } from 'kb-sessions-client';
import { element } from './dom.ts';

const LABELS: Record<Status, string> = {
  active: 'Open',
  escalated: 'With a person',
  ended: 'Ended',
  expired: 'Expired',
};

export const statusPill = (status: Status): HTMLSpanElement =>
  element('span', { class: 'pill', 'data-status': status }, LABELS[status]);
