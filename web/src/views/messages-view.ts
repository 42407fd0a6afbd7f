import type { PageActions } from '../page-actions.ts';
import { isOpen, type ShownMessage } from '../state.ts';
import { button, element, time } from './dom.ts';
import type { View } from './view.ts';

type MessageItem = { element: HTMLLIElement; update(message: ShownMessage, open: boolean): void };

/** Shows the messages, oldest first. New messages are announced and scrolled into view. */
export const messagesView = (actions: PageActions): View => {
  const list = element('ol');
  const view = element(
    'div',
    { class: 'messages', role: 'log', 'aria-label': 'Messages', tabindex: '0' },
    list,
  );
  const items = new Map<string, MessageItem>();
  let session: string | undefined;
  return {
    element: view,
    update: ({ shown }) => {
      if (shown?.session_id !== session) {
        session = shown?.session_id;
        items.clear();
        list.replaceChildren();
      }
      if (!shown) return;
      const currentIds = new Set(shown.messages.map(({ message_id }) => message_id));
      for (const [id, { element: staleElement }] of items) {
        if (currentIds.has(id)) continue;
        staleElement.remove();
        items.delete(id);
      }
      const before = items.size;
      shown.messages.forEach((message, index) => {
        const item = items.get(message.message_id) ?? messageItem(message, actions);
        items.set(message.message_id, item);
        item.update(message, isOpen(shown));
        if (list.children[index] !== item.element)
          list.insertBefore(item.element, list.children[index] ?? null);
      });
      if (items.size > before) view.scrollTop = view.scrollHeight;
    },
  };
};

const messageItem = (message: ShownMessage, actions: PageActions): MessageItem => {
  const fromUser = message.role === 'user';
  const item = element(
    'li',
    { class: 'message', 'data-role': message.role },
    element('p', { class: 'content' }, message.content),
  );
  const rate = (label: string, rating: 'positive' | 'negative') =>
    button(label, () => void actions.rate(message.message_id, rating), { class: 'small' });
  const helpful = rate('Helpful', 'positive');
  const notHelpful = rate('Not helpful', 'negative');
  const ratings = element(
    'span',
    { class: 'row', role: 'group', 'aria-label': 'Rate this answer' },
    helpful,
    notHelpful,
  );
  const author = element('span', {}, fromUser ? 'You' : 'Assistant');
  const unsaved = element('span', {}, 'Not saved yet');
  const foot = element(
    'div',
    { class: 'foot quiet' },
    author,
    time(message.created_at, 'timeOfDay'),
    unsaved,
  );
  if (!fromUser) foot.append(ratings);
  item.append(foot);
  return {
    element: item,
    update: ({ seq, feedback }, open) => {
      unsaved.hidden = seq !== null;
      helpful.setAttribute('aria-pressed', String(feedback === 'positive'));
      notHelpful.setAttribute('aria-pressed', String(feedback === 'negative'));
      ratings.hidden = !open && feedback === null;
      helpful.disabled = notHelpful.disabled = !open;
    },
  };
};
