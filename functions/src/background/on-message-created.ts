import { onDocumentCreated } from 'firebase-functions/firestore';
import * as logger from 'firebase-functions/logger';
import { countMessage, decodeMessage } from 'kb-sessions/firestore';
import { params } from '../config/params.ts';
import { services } from '../services.ts';
import { runInBackground } from './run-in-background.ts';

/** An event that still fails after this long is left to reconcileCounters, instead of being retried for 24 hours. */
const MAX_AGE_MS = 60 * 60 * 1000;

/**
 * Counts a message: 0 documents read, 3 written, 1 round trip. Delivered at least once, in any order, and retried
 * (firebase.google.com/docs/functions/retries); a message is counted once all the same.
 */
export const onMessageCreated = onDocumentCreated(
  { document: 'kb_messages/{message_id}', database: params.database.param, retry: true },
  async (event) => {
    const updateTime = event.data?.updateTime;
    if (!event.data || !updateTime) {
      logger.warn('counters.left_to_reconcile', {
        event: event.id,
        lacks: 'the document or its update time',
      });
      return;
    }
    if (Date.now() - Date.parse(event.time) > MAX_AGE_MS) {
      logger.warn('counters.left_to_reconcile', { event: event.id, lacks: 'youth' });
      return;
    }
    const { context } = services();
    const { data } = event;
    await runInBackground('onMessageCreated', () =>
      countMessage(context, decodeMessage(data.data()), updateTime),
    );
  },
);
