import type { TombstonePoller } from '../erasure/tombstone-poller.ts';
import type { Journal } from '../journal/journal.ts';
import { withoutCost } from '../operation-cost.ts';
import type { FailoverEvents } from './failover-events.ts';
import type { Replayer } from './replayer.ts';

/** The options of {@link Maintenance}. */
export type MaintenanceOptions = {
  journal: Journal;
  replayer: Replayer;
  tombstones: TombstonePoller;
  events: FailoverEvents;
};

/**
 * The work that calls do beside their own while the primary is available: replays, and the poll for erased users. An instance
 * has no CPU between calls. The work adds nothing to the cost of a call, and its failure does not fail the call.
 */
export class Maintenance {
  readonly #options: MaintenanceOptions;

  constructor(options: MaintenanceOptions) {
    this.#options = options;
  }

  /** Whether there may be work. Every call asks, and between outages the answer is nearly always no. */
  get isDue(): boolean {
    const { tombstones, replayer, events } = this.#options;
    return tombstones.isDue || !replayer.isIdle || events.isActive;
  }

  async run(): Promise<void> {
    const { journal, replayer, tombstones, events } = this.#options;
    if (tombstones.isDue) await this.#bestEffort(() => tombstones.poll());
    await this.#bestEffort(async () => {
      await replayer.sweep();
      if (events.isActive && (await journal.size()).entries === 0) events.drained();
    });
  }

  async #bestEffort(work: () => Promise<void>): Promise<void> {
    try {
      await withoutCost(work);
    } catch (cause) {
      this.#options.events.stalled(cause);
    }
  }
}
