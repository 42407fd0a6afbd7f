import {
  type Feedback,
  isSessionsError,
  type SessionsClient,
  type SessionView,
  type Settlement,
} from 'kb-sessions-client';
import type { Demo } from './demo/demo.ts';
import { errorMessage } from './error-messages.ts';
import type { LastSession } from './last-session.ts';
import type { LiveSession } from './live-session.ts';
import { mergeMessages } from './messages.ts';
import { applySettlement, settledTexts } from './settlement.ts';
import { countersOf, isOpen, type Notice, type Person, type ShownConversation, type Store } from './state.ts';

export type ConversationOptions = {
  store: Store;
  client: SessionsClient;
  lastSession: LastSession;
  /** Listens to a session until the returned function is called. */
  follow(
    session_id: string,
    onChange: (session: LiveSession) => void,
    onFailure: (error: Error) => void,
  ): () => void;
  /** Answers in the local demo; null if agents answer elsewhere. */
  demo: Demo | null;
};

export type Conversation = ReturnType<typeof createConversation>;

const HISTORY_LIMIT = 50;
const LIST_LIMIT = 10;

/** The session in which a conversation continues. */
type Destination = { session_id: string; rolled_over: boolean };

const FULL = 'The conversation was full. It continues here.';
const EXPIRED = 'The earlier conversation had expired. This one continues it.';

/** Manages the conversations of the signed-in user: the list, the open conversation and the actions in it. */
export const createConversation = ({ store, client, lastSession, follow, demo }: ConversationOptions) => {
  let stopFollowing = () => {};
  /** The last message without an acknowledgement. Sending the same text again repeats this message. */
  let unacknowledged: { content: string; message_id: string } | null = null;

  const person = (): Person => required(store.get().person, 'nobody is signed in');
  const shown = (): ShownConversation => required(store.get().shown, 'no conversation is open');
  const showNotice = (text: string, kind: Notice['kind'] = 'info') => store.set({ notice: { kind, text } });

  const close = () => {
    stopFollowing();
    stopFollowing = () => {};
    unacknowledged = null;
    store.set({ shown: null, agentWriting: false });
  };

  const list = async () => {
    const { sessions, next_cursor } = await client.listSessions({ limit: LIST_LIMIT });
    store.set({ sessions, nextCursor: next_cursor });
  };

  const show = async (session: SessionView) => {
    const { session_id, created_at, status } = session;
    const { messages } = await client.getHistory({ session_id, limit: HISTORY_LIMIT, full: true });
    close();
    store.set({
      shown: {
        session_id,
        created_at,
        status,
        counters: countersOf(session),
        messages: mergeMessages([], messages),
      },
    });
    stopFollowing = follow(
      session_id,
      ({ status, counters, messages }) => {
        store.setShown(session_id, (before) => ({
          status,
          counters,
          messages: mergeMessages(before.messages, messages),
        }));
        store.set({
          sessions: store
            .get()
            .sessions.map((one) => (one.session_id === session_id ? { ...one, status, ...counters } : one)),
        });
      },
      () => showNotice('Live updates have stopped. Reload the page to see what is new.', 'error'),
    );
  };

  const enter = async (session_id: string) => {
    const { session, recovered } = await client.getSession({ session_id });
    await show(session);
    lastSession.set(person().uid, session.session_id);
    if (recovered) showNotice(EXPIRED);
  };

  const enterLast = async () => {
    const { uid } = person();
    const session_id = lastSession.get(uid);
    if (session_id === null) return;
    try {
      await enter(session_id);
    } catch (error) {
      if (!isSessionsError(error) || error.reason === null) throw error;
      lastSession.forget(uid);
    }
  };

  const moveTo = async ({ session_id, rolled_over }: Destination) => {
    await enter(session_id);
    showNotice(rolled_over ? FULL : EXPIRED);
    await list();
  };

  const askDemo = async (session_id: string, question: string) => {
    if (!demo) return;
    store.set({ agentWriting: true });
    try {
      await demo.answer({ session_id, user_id: person().uid, question });
    } catch (error) {
      showNotice(`The demo's agent could not answer. ${errorMessage(error)}`, 'error');
    } finally {
      store.set({ agentWriting: false });
    }
  };

  return {
    close,

    /** After a sign-in: opens the last conversation of this device and loads the list. */
    resume: async () => {
      store.set({ pending: await client.pending() });
      try {
        await enterLast();
      } finally {
        await list();
      }
    },

    /** Begins a conversation, even if the list cannot be loaded. */
    start: async () => {
      const { session_id } = await client.createSession();
      await enter(session_id);
      await list();
    },

    /**
     * Shows the settlement of a pending operation.
     *
     * @returns the session to open, if the shown messages are stored there; otherwise null
     */
    settle: (settlement: Settlement): Destination | null => {
      const { shown: before } = store.get();
      if (before)
        store.setShown(before.session_id, ({ messages }) => ({
          messages: mergeMessages([], applySettlement(messages, before.session_id, settlement)),
        }));
      const texts = settledTexts(settlement);
      if (settlement.outcome === 'refused') {
        const content = [...texts.values()].join(' ') || 'something';
        const { notice } = store.get();
        const others = notice?.kind === 'error' ? `${notice.text} ` : '';
        showNotice(`${others}Not saved: ${content} – ${errorMessage(settlement.error)}`, 'error');
        return null;
      }
      const isShown = before?.messages.some(({ message_id }) => texts.has(message_id));
      return isShown && before?.session_id !== settlement.session_id ? settlement : null;
    },

    moveTo,

    /** Continues an open conversation; shows one that is over. */
    open: (session: SessionView) => (isOpen(session) ? enter(session.session_id) : show(session)),

    listMore: async () => {
      const { sessions, nextCursor } = store.get();
      if (nextCursor === null) return;
      const page = await client.listSessions({ limit: LIST_LIMIT, cursor: nextCursor });
      store.set({ sessions: [...sessions, ...page.sessions], nextCursor: page.next_cursor });
    },

    send: async (content: string) => {
      if (unacknowledged?.content !== content) unacknowledged = { content, message_id: crypto.randomUUID() };
      const { session_id } = shown();
      const added = await client.addMessage({ session_id, role: 'user', ...unacknowledged });
      unacknowledged = null;
      if (added.session_id === session_id) {
        const { message_id, seq } = added;
        const created_at = new Date().toISOString();
        store.setShown(session_id, ({ messages }) => ({
          messages: mergeMessages(messages, [{ message_id, seq, role: 'user', content, created_at }]),
        }));
      } else {
        await moveTo(added);
      }
      void askDemo(added.session_id, content);
    },

    rate: async (message_id: string, rating: Feedback) => {
      const { session_id } = shown();
      await client.submitFeedback({ session_id, message_id, rating });
      store.setShown(session_id, ({ messages }) => ({
        messages: messages.map((message) =>
          message.message_id === message_id ? { ...message, feedback: rating } : message,
        ),
      }));
    },

    escalate: async () => {
      const { session_id, status } = await client.escalateSession({ session_id: shown().session_id });
      store.setShown(session_id, () => ({ status }));
      showNotice('A person will take over this conversation.');
    },

    end: async () => {
      const { session_id, status } = await client.endSession({ session_id: shown().session_id });
      lastSession.forget(person().uid);
      store.setShown(session_id, () => ({ status }));
      await list();
    },
  };
};

const required = <T>(value: T | null, message: string): T => {
  if (value === null) throw new Error(message);
  return value;
};
