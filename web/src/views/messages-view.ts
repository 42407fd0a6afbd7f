import type { PageActions } from '../page-actions.ts';
import { isOpen, type ShownMessage } from '../state.ts';
import { button, element, time } from './dom.ts';
import type { View } from './view.ts';

type MessageItem = { element: HTMLLIElement; update(message: ShownMessage, open: boolean): void };

/** The messages, oldest first; new ones are announced and scrolled to. */
export const messagesView = (actions: PageActions): View => {
  const list = element('ol');
  const view = element(
    'div',
    { class: 'messages', role: 'log', 'aria-label': 'Messages', tabindex: '0' },
    list,
  );
  const drawn = new Map<string, MessageItem>();
  let session: string | undefined;
  return {
    element: view,
    update: ({ shown }) => {
      if (shown?.session_id !== session) {
        session = shown?.session_id;
        drawn.clear();
        list.replaceChildren();
      }
      if (!shown) return;
      const still = new Set(shown.messages.map(({ message_id }) => message_id));
      for (const [id, { element: gone }] of drawn) {
        if (still.has(id)) continue;
        gone.remove();
        drawn.delete(id);
      }
      const before = drawn.size;
      shown.messages.forEach((message, index) => {
        const known = drawn.get(message.message_id) ?? messageItem(message, actions);
        drawn.set(message.message_id, known);
        known.update(message, isOpen(shown));
        if (list.children[index] !== known.element)
          list.insertBefore(known.element, list.children[index] ?? null);
      });
      if (drawn.size > before) view.scrollTop = view.scrollHeight;
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
