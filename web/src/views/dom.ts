type Attributes = Record<string, string | boolean>;

/** An element with attributes and children. Text is set as text: nothing of it is ever read as HTML. */
export const element = <K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[K] => {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === true) made.setAttribute(name, '');
    else if (value !== false) made.setAttribute(name, value);
  }
  made.append(...children);
  return made;
};

export const button = (
  label: string,
  onClick: () => void,
  attributes: Attributes = {},
): HTMLButtonElement => {
  const made = element('button', { type: 'button', ...attributes }, label);
  made.addEventListener('click', onClick);
  return made;
};

const formats = {
  dateAndTime: new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' }),
  timeOfDay: new Intl.DateTimeFormat(undefined, { timeStyle: 'short' }),
};

export const time = (iso: string, format: keyof typeof formats): HTMLTimeElement =>
  element('time', { datetime: iso }, formats[format].format(new Date(iso)));
