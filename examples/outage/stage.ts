import { setTimeout as wait } from 'node:timers/promises';
import { connectFunctionsEmulator } from 'firebase/functions';
import {
  createSessionsClient,
  memoryStorage,
  type SessionsClient,
  type Settlement,
} from 'kb-sessions-client';
import {
  type FirestoreProxy,
  type Host,
  type SignedUpUser,
  signUp,
  startHost,
  startProxy,
} from 'kb-sessions-testing';
import type { Suite } from '../../tools/emulators/suite.ts';

export interface Person extends SignedUpUser {
  /** As when the person's browser opens the page: what an earlier page kept is there. */
  openPage(): SessionsClient;
  /** What the pages were told of what had been volatile, oldest first. */
  readonly settled: readonly Settlement[];
}

/** The built functions on an instance of their own, Firestore behind a proxy, and people with the Firebase SDK. */
export class Stage {
  readonly proxy: FirestoreProxy;
  readonly #suite: Suite;
  #host: Host;
  readonly #over: AbortSignal;
  readonly #people: Person[] = [];

  private constructor(suite: Suite, proxy: FirestoreProxy, host: Host, over: AbortSignal) {
    this.#suite = suite;
    this.proxy = proxy;
    this.#host = host;
    this.#over = over;
  }

  /** @param over ends what waits on it */
  static async set(suite: Suite, over: AbortSignal): Promise<Stage> {
    const proxy = await startProxy({ target: suite.firestore });
    return new Stage(suite, proxy, await startInstance(suite, proxy), over);
  }

  async enter(claims: Readonly<Record<string, boolean>> = {}): Promise<Person> {
    const storage = memoryStorage();
    const user = await signUp({ ...this.#suite, functions: this.#host.address }, claims);
    const settled: Settlement[] = [];
    const openPage = () =>
      createSessionsClient(user.functions, { storage, onSettled: (what) => settled.push(what) });
    const person = { ...user, openPage, settled };
    this.#people.push(person);
    return person;
  }

  /** kill -9, and a new instance that everybody reaches from then on. */
  async killInstance(): Promise<void> {
    this.#host.kill();
    this.#host = await startInstance(this.#suite, this.proxy);
    const { hostname, port } = new URL(`http://${this.#host.address}`);
    for (const { functions } of this.#people) connectFunctionsEmulator(functions, hostname, Number(port));
  }

  /** What the instance has logged about outages, one line each. */
  notices(): string[] {
    return this.#host
      .output()
      .split('\n')
      .filter((line) => /"message":"(firestore|fallback)\./.test(line));
  }

  async wait(ms: number): Promise<void> {
    await wait(Math.max(0, ms), undefined, { signal: this.#over });
  }

  async clear(): Promise<void> {
    await this.#host.stop();
    await this.proxy.stop();
    for (const person of this.#people) await person.close();
  }
}

// Everything as deployed, but that a page without an agent behind it may write the answers, too.
const startInstance = ({ projectId, auth }: Suite, { address }: FirestoreProxy): Promise<Host> =>
  startHost({ projectId, auth, firestore: address, params: { OWNERS_MAY_ANSWER: 'true' } });
