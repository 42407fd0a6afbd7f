import type { Journal } from '../../journal/journal.ts';

/** `there`: available. `deaf`: fails and does nothing. `mute`: fails, but does what it was asked to do. */
export type ShakyState = 'there' | 'deaf' | 'mute';

/** A journal that a test can make unavailable. It counts the requests. */
export class Shaky implements Journal {
  readonly isKnownEmpty = false;
  state: ShakyState = 'there';
  asked = 0;
  readonly failure = new Error('no connection');
  readonly held: Journal;

  constructor(held: Journal) {
    this.held = held;
  }

  accept: Journal['accept'] = (entry) => this.#do(() => this.held.accept(entry));
  next: Journal['next'] = (line) => this.#do(() => this.held.next(line));
  pending: Journal['pending'] = (line) => this.#do(() => this.held.pending(line));
  pendingSessions: Journal['pendingSessions'] = (limit) => this.#do(() => this.held.pendingSessions(limit));
  remove: Journal['remove'] = (line, id) => this.#do(() => this.held.remove(line, id));
  refuse: Journal['refuse'] = (line, id, reason) => this.#do(() => this.held.refuse(line, id, reason));
  removeOwner: Journal['removeOwner'] = (owner) => this.#do(() => this.held.removeOwner(owner));
  refusal: Journal['refusal'] = (operation) => this.#do(() => this.held.refusal(operation));
  size: Journal['size'] = () => this.#do(() => this.held.size());

  async #do<Answer>(work: () => Promise<Answer>): Promise<Answer> {
    this.asked += 1;
    if (this.state === 'mute') await work();
    if (this.state !== 'there') throw this.failure;
    return work();
  }
}
