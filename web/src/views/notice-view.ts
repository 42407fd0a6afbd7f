import { element } from './dom.ts';
import type { View } from './view.ts';

/** The one place where the page tells a person how an action went. */
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
