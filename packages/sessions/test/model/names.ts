import type { AppendOperation, NewMessage } from '../../src/session-store.ts';
import { successorId } from '../../src/successor-id.ts';
import type { Draft, Ref } from './step.ts';

const OWNERS = ['ann', 'bob'] as const;

const FLAVOURS: Pick<NewMessage, 'role' | 'metadata'>[] = [
  { role: 'user', metadata: {} },
  { role: 'assistant', metadata: { confidence: 0.25 } },
  { role: 'assistant', metadata: { confidence: 0.75, topics: ['erf'] } },
  { role: 'assistant', metadata: { escalated: true } },
];

/** An id of version 4 that follows from a name and a number, so that a run can be repeated. */
const uuid = (name: 'a' | 'b', number: number): string =>
  `${name.repeat(8)}-0000-4000-8000-${String(number).padStart(12, '0')}`;

export const ownerOf = (owner: number): string => OWNERS[owner] ?? OWNERS[0];
export const baseId = (base: number): string => uuid('a', base);

export const idOf = ({ base, hops, of }: Ref): string => {
  let id = baseId(base);
  for (let hop = 0; hop < hops; hop += 1) id = successorId(ownerOf(of), id);
  return id;
};

/** What was sent in a run: it makes new messages, and finds those that are sent again. */
export class Sent {
  readonly #messages: NewMessage[] = [];
  readonly #appends: AppendOperation[] = [];

  /** The messages that drafts stand for. One that would repeat a message of the same call is a new one. */
  messages(drafts: Draft[]): NewMessage[] {
    const chosen: NewMessage[] = [];
    for (const draft of drafts) {
      const old = draft.kind === 'again' ? this.message(draft.back) : undefined;
      const isThere = chosen.some(({ message_id }) => message_id === old?.message_id);
      if (draft.kind === 'again' && old && !isThere) {
        chosen.push({ ...old, ...draft.change });
      } else {
        chosen.push(this.#make(draft.kind === 'new' ? draft.flavour : 0));
      }
    }
    return chosen;
  }

  /** The message sent `back` before the last. */
  message(back: number): NewMessage | undefined {
    return this.#messages.at(-1 - back);
  }

  remember(append: AppendOperation): void {
    this.#appends.push(append);
  }

  append(back: number): AppendOperation | undefined {
    return this.#appends.at(-1 - back);
  }

  #make(flavour: number): NewMessage {
    const number = this.#messages.length;
    const message: NewMessage = {
      message_id: uuid('b', number),
      content: `message ${number}`,
      role: 'user',
      metadata: {},
      ...FLAVOURS[flavour],
    };
    this.#messages.push(message);
    return message;
  }
}
