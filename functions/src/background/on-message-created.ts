import { onDocumentCreated } from 'firebase-functions/firestore';
import * as logger from 'firebase-functions/logger';
import { countMessage, decodeMessage } from 'kb-sessions/firestore';
import { params } from '../config/params.ts';
import { services } from '../services.ts';
import { runInBackground } from './run-in-background.ts';

/** Older events are left to reconcileCounters. The platform would retry them for 24 hours. */
const MAX_AGE_MS = 60 * 60 * 1000;

/**
 * Counts a message, exactly once. The platform delivers its event at least once, in any order, and retries
 * (firebase.google.com/docs/functions/retries). Cost: 0 documents read, 3 written, 1 round trip.
 */
export const onMessageCreated = onDocumentCreated(
  { document: 'kb_messages/{message_id}', database: params.database.param, retry: true },
  async (event) => {
    const updateTime = event.data?.updateTime;
    if (!event.data || !updateTime) {
      logger.warn('counters.left_to_reconcile', { event: event.id, reason: 'incomplete_event' });
      return;
    }
    if (Date.now() - Date.parse(event.time) > MAX_AGE_MS) {
      logger.warn('counters.left_to_reconcile', { event: event.id, reason: 'event_too_old' });
      return;
    }
    const { context } = services();
    const { data } = event;
    await runInBackground('onMessageCreated', () =>
      countMessage(context, decodeMessage(data.data()), updateTime),
    );
  },
);
