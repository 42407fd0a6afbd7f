import type { IncomingMessage } from '../src/messages.ts';

export const arrived = (message_id: string, seq: number | null): IncomingMessage => ({
  message_id,
  seq,
  role: 'user',
  content: `message ${message_id}`,
  created_at: '2026-01-01T00:00:00.000Z',
});
