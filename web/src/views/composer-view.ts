import type { PageActions } from '../page-actions.ts';
import { isOpen } from '../state.ts';
import { element } from './dom.ts';
import type { View } from './view.ts';

/** The message field. Enter sends, Shift+Enter begins a new line. Unsent text stays. */
export const composerView = (actions: PageActions): View => {
  const text = element('textarea', {
    id: 'message',
    rows: '2',
    maxlength: '8000',
    placeholder: 'For example: what does erf size mean?',
  });
  const form = element(
    'form',
    { class: 'composer' },
    element('label', { for: 'message', class: 'visually-hidden' }, 'Your message'),
    text,
    element('button', { type: 'submit', class: 'primary' }, 'Send'),
  );
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    const content = text.value.trim();
    if (content === '') return;
    const sent = await actions.send(content);
    if (sent && text.value.trim() === content) text.value = '';
  });
  text.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    form.requestSubmit();
  });
  let session: string | undefined;
  return {
    element: form,
    update: ({ shown }) => {
      form.hidden = !shown || !isOpen(shown);
      if (shown?.session_id === session) return;
      session = shown?.session_id;
      if (!form.hidden) text.focus();
    },
  };
};
