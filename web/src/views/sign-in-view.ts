import type { PageActions } from '../page-actions.ts';
import { button, element } from './dom.ts';
import type { View } from './view.ts';

export const signInView = (actions: PageActions): View => {
  const email = element('input', {
    type: 'email',
    name: 'email',
    id: 'email',
    autocomplete: 'username',
    required: true,
  });
  const password = element('input', {
    type: 'password',
    name: 'password',
    id: 'password',
    autocomplete: 'current-password',
    minlength: '6',
    required: true,
  });
  const signUp = button('Create an account', () => {
    if (form.reportValidity()) void actions.signUp(email.value, password.value);
  });
  const form = element(
    'form',
    { class: 'fields', 'aria-label': 'Sign in' },
    element('label', { for: 'email' }, 'E-mail'),
    email,
    element('label', { for: 'password' }, 'Password'),
    password,
    element(
      'div',
      { class: 'row' },
      element('button', { type: 'submit', class: 'primary' }, 'Sign in'),
      signUp,
    ),
  );
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    void actions.signIn(email.value, password.value);
  });

  const view = element(
    'section',
    { class: 'card sign-in', 'aria-labelledby': 'sign-in-title' },
    element('h2', { id: 'sign-in-title' }, 'Questions about a property?'),
    element('p', { class: 'quiet' }, 'Sign in to ask, and to read what you asked before.'),
    form,
  );
  if (actions.demoPeople.length > 0) {
    const people = actions.demoPeople.map((name) =>
      button(`Continue as ${name}`, () => void actions.signInAs(name)),
    );
    view.append(
      element('p', { class: 'quiet divided' }, 'This is a local demo. Or be one of these people:'),
      element('div', { class: 'row' }, ...people),
    );
  }
  return {
    element: view,
    update: ({ starting, person }) => {
      view.hidden = starting || person !== null;
      if (person) form.reset();
    },
  };
};
