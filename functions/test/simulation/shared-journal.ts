import type { Journal } from 'kb-sessions';
import { MemoryJournal } from 'kb-sessions/memory';

type Bounds = ConstructorParameters<typeof MemoryJournal>[0];

/** What Redis is to instances: a journal that outlives them, which may be away or lose all that it holds. */
export class SharedJournal {
  readonly #bounds: Bounds;
  readonly #now: () => number;
  #journal: MemoryJournal;
  #awayUntil = 0;

  constructor(bounds: Bounds, now: () => number) {
    this.#bounds = bounds;
    this.#now = now;
    this.#journal = new MemoryJournal(bounds);
  }

  goAway(ms: number): void {
    this.#awayUntil = this.#now() + ms;
  }

  lose(): void {
    this.#journal = new MemoryJournal(this.#bounds);
  }

  comeBack(): void {
    this.#awayUntil = 0;
  }

  /** As an instance has it: every answer takes its turns, and fails if the journal is away by then. */
  connect(schedule: (label: string) => Promise<void>): Journal {
    const ask = async <Answer>(name: string, question: (journal: Journal) => Promise<Answer>) => {
      await schedule(name);
      this.#checkThere();
      const answer = await question(this.#journal);
      await schedule(`${name} answers`);
      this.#checkThere();
      return answer;
    };
    return {
      isKnownEmpty: false,
      accept: (entry) => ask('accept', (journal) => journal.accept(entry)),
      next: (line) => ask('next', (journal) => journal.next(line)),
      pending: (line) => ask('waiting', (journal) => journal.pending(line)),
      pendingSessions: (limit) => ask('lines', (journal) => journal.pendingSessions(limit)),
      remove: (line, entry_id) => ask('takeOff', (journal) => journal.remove(line, entry_id)),
      refuse: (line, entry_id, why) => ask('refuse', (journal) => journal.refuse(line, entry_id, why)),
      removeOwner: (owner) => ask('forget', (journal) => journal.removeOwner(owner)),
      refusal: (operation) => ask('refusal', (journal) => journal.refusal(operation)),
      size: () => ask('size', (journal) => journal.size()),
    };
  }

  #checkThere(): void {
    if (this.#now() < this.#awayUntil) throw new Error('the shared journal is away');
  }
}
