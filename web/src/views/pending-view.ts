import type { State } from '../state.ts';
import { element } from './dom.ts';
import type { View } from './view.ts';

/** How much is acknowledged and not durable yet. */
export const pendingView = (): View => {
  const view = element('p', { class: 'quiet pending', role: 'status' });
  return {
    element: view,
    update: (state) => {
      const text = textFor(state);
      if (view.textContent !== text) view.textContent = text;
      view.hidden = text === '';
    },
  };
};

const textFor = ({ pending, persistent: keeps }: State): string => {
  if (pending === 0) return '';
  return `Waiting to be saved: ${pending}${keeps ? '' : '. Leave this page open.'}`;
};
