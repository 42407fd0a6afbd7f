import type { PageActions } from '../page-actions.ts';
import { isOpen } from '../state.ts';
import { composerView } from './composer-view.ts';
import { countersView } from './counters-view.ts';
import { button, element, time } from './dom.ts';
import { messagesView } from './messages-view.ts';
import { statusPill } from './status-pill.ts';
import type { View } from './view.ts';

/** Shows the open conversation, or how to begin one. */
export const conversationView = (actions: PageActions): View => {
  const parts = [countersView(), messagesView(actions), composerView(actions)] as const;
  const [counters, messages, composer] = parts;
  const title = element('h2', { id: 'conversation-title' });
  const escalate = button('Ask a person', () => void actions.escalate());
  const end = button('End', () => void actions.end(), { 'aria-label': 'End this conversation' });
  const writing = element('p', { class: 'writing quiet', role: 'status' });
  const over = element('p', { class: 'quiet over' }, 'This conversation is over. You can read it here.');
  const open = element(
    'div',
    { class: 'open' },
    element('div', { class: 'head' }, title, element('div', { class: 'row' }, escalate, end)),
    counters.element,
    messages.element,
    writing,
    composer.element,
    over,
  );
  const empty = element(
    'div',
    { class: 'empty' },
    element('p', {}, 'Ask about erf sizes, title deeds, transfer duty and the like.'),
    element('p', { class: 'quiet' }, 'Begin a new conversation, or open one of yours.'),
  );
  const view = element('main', { class: 'card main', 'aria-labelledby': 'conversation-title' }, open, empty);
  let shownTitle = '';
  return {
    element: view,
    update: (state) => {
      const { shown, agentWriting } = state;
      view.hidden = state.person === null;
      open.hidden = shown === null;
      empty.hidden = shown !== null;
      for (const part of parts) part.update(state);
      if (!shown) return;
      const isConversationOpen = isOpen(shown);
      escalate.hidden = shown.status !== 'active';
      end.hidden = !isConversationOpen;
      over.hidden = isConversationOpen;
      writing.textContent = agentWriting ? 'The assistant is writing…' : '';
      const titleKey = `${shown.session_id} ${shown.status}`;
      if (titleKey === shownTitle) return;
      shownTitle = titleKey;
      title.replaceChildren(time(shown.created_at, 'dateAndTime'), ' ', statusPill(shown.status));
    },
  };
};
