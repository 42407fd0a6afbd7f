import type { PageActions } from '../page-actions.ts';
import { button, element } from './elements.ts';
import type { View } from './view.ts';

export const headerView = (actions: PageActions): View => {
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
    ),
    update: (state) => {
      person.hidden = state.person === null;
      name.textContent = state.person?.name ?? '';
    },
  };
};
