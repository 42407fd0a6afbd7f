import type { SessionView } from 'kb-sessions-client';
import type { PageActions } from '../page-actions.ts';
import { button, element, time } from './dom.ts';
import { statusPill } from './status-pill.ts';
import type { View } from './view.ts';

type SessionItem = { element: HTMLLIElement; update(session: SessionView, current: boolean): void };

/** Lists the user's conversations, newest first. */
export const sessionsView = (actions: PageActions): View => {
  const start = button('New conversation', () => void actions.start(), { class: 'primary wide' });
  const none = element('p', { class: 'quiet' }, 'Nothing here yet.');
  const list = element('ul', { class: 'sessions', 'aria-labelledby': 'sessions-title' });
  const more = button('Show more', () => void actions.showMore(), { class: 'wide' });
  const view = element(
    'nav',
    { class: 'card side', 'aria-labelledby': 'sessions-title' },
    start,
    element('h2', { id: 'sessions-title' }, 'Your conversations'),
    none,
    list,
    more,
  );
  let items = new Map<string, SessionItem>();
  return {
    element: view,
    update: ({ person, sessions, shown, nextCursor, busy }) => {
      view.hidden = person === null;
      none.hidden = busy || sessions.length > 0;
      more.hidden = nextCursor === null;
      const before = [...items.keys()].join();
      items = new Map(
        sessions.map(({ session_id }) => [session_id, items.get(session_id) ?? sessionItem(actions)]),
      );
      for (const session of sessions)
        items.get(session.session_id)?.update(session, session.session_id === shown?.session_id);
      if ([...items.keys()].join() !== before)
        list.replaceChildren(...[...items.values()].map((item) => item.element));
    },
  };
};

const sessionItem = (actions: PageActions): SessionItem => {
  let session: SessionView | null = null;
  const open = button('', () => void (session && actions.open(session)), { class: 'session' });
  return {
    element: element('li', {}, open),
    update: (latest, current) => {
      open.setAttribute('aria-current', String(current));
      if (latest === session) return;
      session = latest;
      open.dataset.session = latest.session_id;
      const messages = latest.message_count === 1 ? '1 message' : `${latest.message_count} messages`;
      open.replaceChildren(
        time(latest.created_at, 'dateAndTime'),
        element(
          'span',
          { class: 'row' },
          statusPill(latest.status),
          element('span', { class: 'quiet' }, messages),
        ),
      );
    },
  };
};
