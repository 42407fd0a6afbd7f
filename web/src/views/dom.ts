type Attributes = Record<string, string | boolean>;

/** Creates an element with attributes and children. Text is never parsed as HTML. */
export const element = <K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[K] => {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === true) node.setAttribute(name, '');
    else if (value !== false) node.setAttribute(name, value);
  }
  node.append(...children);
  return node;
};

export const button = (
  label: string,
  onClick: () => void,
  attributes: Attributes = {},
): HTMLButtonElement => {
  const node = element('button', { type: 'button', ...attributes }, label);
  node.addEventListener('click', onClick);
  return node;
};

const formats = {
  dateAndTime: new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' }),
  timeOfDay: new Intl.DateTimeFormat(undefined, { timeStyle: 'short' }),
};

export const time = (iso: string, format: keyof typeof formats): HTMLTimeElement =>
  element('time', { datetime: iso }, formats[format].format(new Date(iso)));
