import type { PageActions } from '../page-actions.ts';
import { button, element } from './dom.ts';
import { pendingView } from './pending-view.ts';
import type { View } from './view.ts';

export const headerView = (actions: PageActions): View => {
  const pending = pendingView();
  const name = element('span', { class: 'quiet' });
  const person = element(
    'div',
    { class: 'row' },
    name,
    button('Sign out', () => void actions.signOut()),
  );
  return {
    element: element(
      'header',
      { class: 'bar' },
      element('img', { src: '/icon.svg', alt: '', width: '28', height: '28' }),
      element('h1', {}, 'Property desk'),
      person,
      pending.element,
    ),
    update: (state) => {
      person.hidden = state.person === null;
      name.textContent = state.person?.name ?? '';
      pending.update(state);
    },
  };
};
