import { createClient, type OutboxStorage, type SessionsClient } from 'kb-sessions-client';
import type { CallName, CallOutput } from 'kb-sessions-contract';

export type Carrier = {
  /** Carries a call of a tab to an instance and its answer back. Ends at the latest when the tab is closed. */
  carry<Name extends CallName>(tab: Tab, name: Name, data: unknown): Promise<CallOutput<Name>>;
};

export type TabOptions = {
  name: string;
  device: number;
  user: string;
  storage: OutboxStorage;
  /** The instances its requests go to, in turn. */
  route: number[];
  carrier: Carrier;
  onSettled: NonNullable<Parameters<typeof createClient>[1]>['onSettled'];
};

/** A page with a client of its own, on a storage that it may share with other tabs of the user. */
export class Tab {
  readonly name: string;
  readonly device: number;
  readonly user: string;
  readonly client: SessionsClient;
  readonly #route: number[];
  readonly #closed = Promise.withResolvers<void>();
  #sent = 0;

  constructor({ name, device, user, storage, route, carrier, onSettled }: TabOptions) {
    this.name = name;
    this.device = device;
    this.user = user;
    this.#route = route;
    // The client's types equal those of the contract, which TypeScript does not infer for a name that is a parameter.
    const transport = (call: CallName, data: unknown) => carrier.carry(this, call, data) as Promise<never>;
    this.client = createClient(transport, {
      user: () => user,
      storage,
      ...(onSettled && { onSettled }),
    });
  }

  /** Resolves when it is closed: nothing of it runs on, nobody waits for what it called. */
  get closed(): Promise<void> {
    return this.#closed.promise;
  }

  close(): void {
    this.#closed.resolve();
  }

  /** The number of the instance that its next request goes to. */
  next(): number {
    return this.#route[this.#sent++ % this.#route.length] ?? 0;
  }
}
