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

/** The actions of the page. Each shows its failure as a notice, and none begins while another runs. */
export type PageActions = {
  signIn(email: string, password: string): Promise<void>;
  signUp(email: string, password: string): Promise<void>;
  /** One of {@link PageActions.demoPeople}. */
  signInAs(name: string): Promise<void>;
  /** The names of the demo users; empty without the local demo. */
  demoPeople: string[];
  signOut(): Promise<void>;
  start(): Promise<void>;
  open(session: SessionView): Promise<void>;
  showMore(): Promise<void>;
  /** Waits for the running action, so that the text is not lost. Resolves to whether the message was accepted. */
  send(content: string): Promise<boolean>;
  rate(message_id: string, rating: Feedback): Promise<void>;
  escalate(): Promise<void>;
  end(): Promise<void>;
  /** Shows the settlement of a pending operation. */
  settle(settlement: Settlement): Promise<void>;
};

export const createPageActions = (
  store: Store,
  auth: Auth,
  demo: Demo | null,
  conversation: Conversation,
): PageActions => {
  let last: Promise<unknown> = Promise.resolve();

  const execute = async (action: () => Promise<unknown>): Promise<boolean> => {
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
  const runIfIdle = async (action: () => Promise<unknown>): Promise<boolean> => {
    if (store.get().busy) return false;
    const outcome = execute(action);
    last = outcome;
    return outcome;
  };
  const runWhenIdle = async (action: () => Promise<unknown>): Promise<boolean> => {
    while (store.get().busy) await last;
    return runIfIdle(action);
  };
  let sending = false;
  const send = async (content: string): Promise<boolean> => {
    if (sending) return false;
    sending = true;
    try {
      return await runWhenIdle(() => conversation.send(content));
    } finally {
      sending = false;
    }
  };
  const run = async (action: () => Promise<unknown>): Promise<void> => void (await runIfIdle(action));

  onAuthStateChanged(auth, (user) => {
    conversation.close();
    const { busy, notice } = store.get();
    store.set({ ...signedOut, busy, notice });
    if (!user) return;
    store.set({ person: { uid: user.uid, name: user.displayName ?? user.email ?? 'You' } });
    // The action that signed the user in may still be running.
    void last.then(() => run(conversation.resume));
  });

  return {
    signIn: (email, password) => run(() => signInWithEmailAndPassword(auth, email, password)),
    signUp: (email, password) => run(() => createUserWithEmailAndPassword(auth, email, password)),
    signInAs: (name) => run(async () => demo?.signIn(auth, name)),
    demoPeople: demo?.people ?? [],
    signOut: () =>
      run(async () => {
        conversation.close();
        await signOut(auth);
      }),
    start: () => run(conversation.start),
    open: (session) => run(() => conversation.open(session)),
    showMore: () => run(conversation.listMore),
    send,
    rate: (message_id, rating) => run(() => conversation.rate(message_id, rating)),
    escalate: () => run(conversation.escalate),
    end: () => run(conversation.end),
    settle: async (settlement) => {
      const destination = conversation.settle(settlement);
      if (destination !== null) await runWhenIdle(() => conversation.moveTo(destination));
    },
  };
};
