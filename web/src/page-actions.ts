import {
  type Auth,
  createUserWithEmailAndPassword,
  onAuthStateChanged,
  signInWithEmailAndPassword,
  signOut,
} from 'firebase/auth';
import type { Feedback, SessionView, Settlement } from 'kb-sessions-client';
import type { Conversation } from './conversation.ts';
import type { Demo } from './demo/demo.ts';
import { errorMessage, isUnexpected } from './error-messages.ts';
import { type Store, signedOut } from './state.ts';

/** What a person can do on the page. Each shows its failure as a sentence and none begins while another runs. */
export type PageActions = {
  signIn(email: string, password: string): Promise<void>;
  signUp(email: string, password: string): Promise<void>;
  /** One of {@link PageActions.demoPeople}. */
  signInAs(name: string): Promise<void>;
  /** Ready-made people to be, in the local demo alone. */
  readonly demoPeople: readonly string[];
  signOut(): Promise<void>;
  start(): Promise<void>;
  open(session: SessionView): Promise<void>;
  showMore(): Promise<void>;
  /** Waits for the action that runs, so that what was typed is not lost. Resolves to whether the message was taken. */
  send(content: string): Promise<boolean>;
  rate(message_id: string, rating: Feedback): Promise<void>;
  escalate(): Promise<void>;
  end(): Promise<void>;
  /** Shows what became of something that was not saved at first. */
  settle(settled: Settlement): Promise<void>;
};

export const createPageActions = (
  store: Store,
  auth: Auth,
  demo: Demo | null,
  conversation: Conversation,
): PageActions => {
  let last: Promise<unknown> = Promise.resolve();

  const attempt = async (action: () => Promise<unknown>): Promise<boolean> => {
    store.set({ busy: true, notice: null });
    try {
      await action();
      return true;
    } catch (error) {
      if (isUnexpected(error)) console.error(error);
      store.set({ notice: { kind: 'error', text: errorMessage(error) } });
      return false;
    } finally {
      store.set({ busy: false });
    }
  };
  const act = async (action: () => Promise<unknown>): Promise<boolean> => {
    if (store.get().busy) return false;
    const outcome = attempt(action);
    last = outcome;
    return outcome;
  };
  const patiently = async (action: () => Promise<unknown>): Promise<boolean> => {
    while (store.get().busy) await last;
    return act(action);
  };
  let sending = false;
  const send = async (content: string): Promise<boolean> => {
    if (sending) return false;
    sending = true;
    try {
      return await patiently(() => conversation.send(content));
    } finally {
      sending = false;
    }
  };
  const run = async (action: () => Promise<unknown>): Promise<void> => void (await act(action));

  onAuthStateChanged(auth, (user) => {
    conversation.leave();
    const { busy, notice } = store.get();
    store.set({ ...signedOut, busy, notice });
    if (!user) return;
    store.set({ person: { uid: user.uid, name: user.displayName ?? user.email ?? 'You' } });
    // The sign-in that led here may still be running.
    void last.then(() => run(conversation.resume));
  });

  return {
    signIn: (email, password) => run(() => signInWithEmailAndPassword(auth, email, password)),
    signUp: (email, password) => run(() => createUserWithEmailAndPassword(auth, email, password)),
    signInAs: (name) => run(async () => demo?.signIn(auth, name)),
    demoPeople: demo?.people ?? [],
    signOut: () =>
      run(async () => {
        conversation.leave();
        await signOut(auth);
      }),
    start: () => run(conversation.start),
    open: (session) => run(() => conversation.open(session)),
    showMore: () => run(conversation.listMore),
    send,
    rate: (message_id, rating) => run(() => conversation.rate(message_id, rating)),
    escalate: () => run(conversation.escalate),
    end: () => run(conversation.end),
    settle: async (settled) => {
      const next = conversation.settle(settled);
      if (next !== null) await patiently(() => conversation.goOn(next));
    },
  };
};
