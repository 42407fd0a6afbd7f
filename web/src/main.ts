import { createSessionsClient } from 'kb-sessions-client';
import { createConversation } from './conversation.ts';
import { connectFirebase } from './firebase.ts';
import { type FirebaseConfig, readFirebaseConfig } from './firebase-config.ts';
import { startFlushTimer } from './flush-timer.ts';
import { createLastSession } from './last-session.ts';
import { followSession } from './live-session.ts';
import { createPageActions } from './page-actions.ts';
import { createStore, signedOut } from './state.ts';
import { conversationView } from './views/conversation-view.ts';
import { element } from './views/dom.ts';
import { headerView } from './views/header-view.ts';
import { noticeView } from './views/notice-view.ts';
import { sessionsView } from './views/sessions-view.ts';
import { signInView } from './views/sign-in-view.ts';
import type { View } from './views/view.ts';

const startPage = async (): Promise<void> => {
  const config = await readFirebaseConfig();
  const { auth, functions, firestore } = connectFirebase(config);
  const demo = await loadDemo(config);

  const views: View[] = [];
  const store = createStore({ ...signedOut, starting: true }, (state) => {
    for (const view of views) view.update(state);
    flushTimer.schedule(state.pending);
    markBusy(state.starting || state.busy);
  });
  const client = createSessionsClient(functions, {
    onPending: (pending) => store.set({ pending }),
    onSettled: (settlement) => void actions.settle(settlement),
    onStorageFailure: (error) => {
      console.error(error);
      store.set({ persistent: false });
    },
  });
  const flushTimer = startFlushTimer(client.flush);
  addEventListener('online', () => void flushTimer.flushNow());
  const conversation = createConversation({
    store,
    client,
    lastSession: createLastSession(localStorage),
    follow: (...session) => followSession(firestore, ...session),
    demo,
  });
  const actions = createPageActions(store, auth, demo, conversation);
  views.push(
    headerView(actions),
    noticeView(),
    signInView(actions),
    sessionsView(actions),
    conversationView(actions),
  );
  document.body.append(...views.map((view) => view.element));
  store.set({});
};

/** Marks the buttons while an action runs. A `disabled` button would lose the keyboard focus. */
const markBusy = (busy: boolean): void => {
  for (const button of document.querySelectorAll('button')) button.ariaDisabled = String(busy);
};

/** Loads the demo as a chunk of its own, against emulators only. A deployed page does not fetch it. */
const loadDemo = async ({ options, emulators }: FirebaseConfig) =>
  emulators && (await import('./demo/demo.ts')).createDemo({ options, emulators });

startPage().catch((error: unknown) => {
  console.error(error);
  document.body.append(
    element(
      'p',
      { class: 'notice', 'data-kind': 'error' },
      'The page could not start. Please try again in a moment.',
    ),
  );
});
