import type { Feedback, HistoryMessage, SessionView } from 'kb-sessions-client';

export type Person = { uid: string; name: string };

export type ShownMessage = Pick<HistoryMessage, 'message_id' | 'role' | 'content' | 'created_at'> & {
  /** Null until the message is durable. */
  seq: number | null;
  feedback: Feedback | null;
};

/** The counters of a session that its owner sees. */
export type Counters = Pick<
  SessionView,
  | 'message_count'
  | 'total_queries'
  | 'avg_confidence'
  | 'escalations'
  | 'feedback_positive'
  | 'feedback_negative'
>;

export const countersOf = (session: Counters): Counters => ({
  message_count: session.message_count,
  total_queries: session.total_queries,
  avg_confidence: session.avg_confidence,
  escalations: session.escalations,
  feedback_positive: session.feedback_positive,
  feedback_negative: session.feedback_negative,
});

/** The open conversation. */
export type ShownConversation = {
  session_id: string;
  created_at: string;
  status: SessionView['status'];
  counters: Counters;
  messages: ShownMessage[];
};

export type Notice = { kind: 'error' | 'info'; text: string };

export type State = {
  starting: boolean;
  person: Person | null;
  sessions: SessionView[];
  nextCursor: string | null;
  shown: ShownConversation | null;
  /** An action is running. No other action begins. */
  busy: boolean;
  agentWriting: boolean;
  /** The number of pending operations of the user. */
  pending: number;
  /** Whether pending operations survive the page. */
  persistent: boolean;
  notice: Notice | null;
};

export const signedOut: State = {
  starting: false,
  person: null,
  sessions: [],
  nextCursor: null,
  shown: null,
  busy: false,
  agentWriting: false,
  pending: 0,
  persistent: true,
  notice: null,
};

export const isOpen = ({ status }: Pick<SessionView, 'status'>): boolean =>
  status === 'active' || status === 'escalated';

export type Store = {
  get(): State;
  /** Changes some fields and calls the listener. */
  set(change: Partial<State>): void;
  /** Changes the open conversation if it still has this id. */
  setShown(session_id: string, change: (shown: ShownConversation) => Partial<ShownConversation>): void;
};

export const createStore = (initial: State, listener: (state: State) => void): Store => {
  let state = initial;
  const set = (change: Partial<State>) => {
    state = { ...state, ...change };
    listener(state);
  };
  return {
    get: () => state,
    set,
    setShown: (session_id, change) => {
      const { shown } = state;
      if (shown?.session_id === session_id) set({ shown: { ...shown, ...change(shown) } });
    },
  };
};
