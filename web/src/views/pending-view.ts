import type { State } from '../state.ts';
import { element } from './dom.ts';
import type { View } from './view.ts';

/** Shows the number of pending operations. */
export const pendingView = (): View => {
  const view = element('p', { class: 'quiet pending', role: 'status' });
  return {
    element: view,
    update: (state) => {
      const text = pendingText(state);
      if (view.textContent !== text) view.textContent = text;
      view.hidden = text === '';
    },
  };
};

const pendingText = ({ pending, persistent }: State): string => {
  if (pending === 0) return '';
  return `Waiting to be saved: ${pending}${persistent ? '' : '. Leave this page open.'}`;
};
