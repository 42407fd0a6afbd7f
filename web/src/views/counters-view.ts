import type { Counters } from '../state.ts';
import { element } from './dom.ts';
import type { View } from './view.ts';

const FIGURES: Record<string, (counters: Counters) => string> = {
  Messages: ({ message_count }) => String(message_count),
  Questions: ({ total_queries }) => String(total_queries),
  Confidence: ({ avg_confidence }) =>
    avg_confidence === null ? '–' : `${Math.round(avg_confidence * 100)} %`,
  Escalations: ({ escalations }) => String(escalations),
  Helpful: ({ feedback_positive }) => String(feedback_positive),
  'Not helpful': ({ feedback_negative }) => String(feedback_negative),
};

/** Shows the counters of the session. */
export const countersView = (): View => {
  const values = new Map(Object.keys(FIGURES).map((name) => [name, element('dd')]));
  const view = element(
    'dl',
    { class: 'counters', 'aria-label': 'Counters' },
    ...[...values].map(([name, value]) => element('div', {}, element('dt', {}, name), value)),
  );
  return {
    element: view,
    update: ({ shown }) => {
      if (!shown) return;
      for (const [name, figure] of Object.entries(FIGURES)) {
        const value = values.get(name);
        if (value) value.textContent = figure(shown.counters);
      }
    },
  };
};
