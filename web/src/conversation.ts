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
  /** Follows a session until the function it returns is called. */
  follow(
    session_id: string,
    onChange: (session: LiveSession) => void,
    onFailure: (error: Error) => void,
  ): () => void;
  /** Answers in the local demo; null where agents answer from elsewhere. */
  demo: Demo | null;
};

export type Conversation = ReturnType<typeof createConversation>;

const HISTORY_LIMIT = 50;
const LIST_LIMIT = 10;

/** Where a conversation goes on. */
type Destination = { session_id: string; rolled_over: boolean };

const FULL = 'The conversation was full. It continues here.';
const EXPIRED = 'The earlier conversation had expired. This one continues it.';

/** The conversations of the person who is signed in: which are listed, which one is shown, and what is done in it. */
export const createConversation = ({
  store,
  client,
  lastSession: remembered,
  follow,
  demo,
}: ConversationOptions) => {
  let stopFollowing = () => {};
  /** What was sent last and not acknowledged: the same text again is the same message. */
  let unacknowledged: { content: string; message_id: string } | null = null;

  const person = (): Person => required(store.get().person, 'nobody is signed in');
  const shown = (): ShownConversation => required(store.get().shown, 'no conversation is open');
  const inform = (text: string, kind: Notice['kind'] = 'info') => store.set({ notice: { kind, text } });

  const leave = () => {
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
    leave();
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
      () => inform('Live updates have stopped. Reload the page to see what is new.', 'error'),
    );
  };

  const enter = async (session_id: string) => {
    const { session, recovered } = await client.getSession({ session_id });
    await show(session);
    remembered.set(person().uid, session.session_id);
    if (recovered) inform(EXPIRED);
  };

  const enterRemembered = async () => {
    const { uid } = person();
    const session_id = remembered.get(uid);
    if (session_id === null) return;
    try {
      await enter(session_id);
    } catch (error) {
      if (!isSessionsError(error) || error.reason === null) throw error;
      remembered.forget(uid);
    }
  };

  const goOn = async ({ session_id, rolled_over }: Destination) => {
    await enter(session_id);
    inform(rolled_over ? FULL : EXPIRED);
    await list();
  };

  const askDemo = async (session_id: string, question: string) => {
    if (!demo) return;
    store.set({ agentWriting: true });
    try {
      await demo.answer({ session_id, user_id: person().uid, question });
    } catch (error) {
      inform(`The demo's agent could not answer. ${errorMessage(error)}`, 'error');
    } finally {
      store.set({ agentWriting: false });
    }
  };

  return {
    leave,

    /** After a sign-in: the conversation that was open on this device, and the list. */
    resume: async () => {
      store.set({ pending: await client.pending() });
      try {
        await enterRemembered();
      } finally {
        await list();
      }
    },

    /** A conversation begins also while the list is away. */
    start: async () => {
      const { session_id } = await client.createSession();
      await enter(session_id);
      await list();
    },

    /**
     * What became of something that was not saved at first.
     *
     * @returns where to go on, if what is shown has moved there
     */
    settle: (settled: Settlement): Destination | null => {
      const { shown: before } = store.get();
      if (before)
        store.setShown(before.session_id, ({ messages }) => ({
          messages: mergeMessages([], applySettlement(messages, before.session_id, settled)),
        }));
      const texts = settledTexts(settled);
      if (settled.outcome === 'refused') {
        const what = [...texts.values()].join(' ') || 'something';
        const { notice } = store.get();
        const others = notice?.kind === 'error' ? `${notice.text} ` : '';
        inform(`${others}Not saved: ${what} – ${errorMessage(settled.error)}`, 'error');
        return null;
      }
      const isShown = before?.messages.some(({ message_id }) => texts.has(message_id));
      return isShown && before?.session_id !== settled.session_id ? settled : null;
    },

    goOn,

    /** An open one is continued, one that is over is read. */
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
        await goOn(added);
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
      inform('A person will take over this conversation.');
    },

    end: async () => {
      const { session_id, status } = await client.endSession({ session_id: shown().session_id });
      remembered.forget(person().uid);
      store.setShown(session_id, () => ({ status }));
      await list();
    },
  };
};

const required = <T>(value: T | null, otherwise: string): T => {
  if (value === null) throw new Error(otherwise);
  return value;
};
