import { element } from './dom.ts';
import type { View } from './view.ts';

/** Shows the outcome of the last action. */
export const noticeView = (): View => {
  const view = element('p', { class: 'notice', role: 'status' });
  return {
    element: view,
    update: ({ notice }) => {
      if (view.textContent !== (notice?.text ?? '')) view.textContent = notice?.text ?? '';
      view.dataset.kind = notice?.kind ?? '';
      view.hidden = notice === null;
    },
  };
};
