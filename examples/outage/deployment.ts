import { setTimeout as delay } from 'node:timers/promises';
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
import type { Transcript } from '../shared/transcript.ts';
import type { Chat } from './chat.ts';

/** A signed-in user of the demo. */
export type Participant = SignedUpUser & {
  /** Opens the page, in which the outbox of an earlier page is still there. */
  openPage(): SessionsClient;
  /** The settlements that the pages have reported, oldest first. */
  settlements: readonly Settlement[];
};

/** What every scene of the demo works with. */
export type OutageDemo = {
  transcript: Transcript;
  deployment: OutageDeployment;
  chat: Chat;
  owner: Participant;
  admin: Participant;
};

/** The built functions on an instance of their own, with a proxy in front of Firestore, and their users. */
export class OutageDeployment {
  readonly proxy: FirestoreProxy;
  readonly #suite: Suite;
  #host: Host;
  readonly #interrupted: AbortSignal;
  readonly #participants: Participant[] = [];

  private constructor(suite: Suite, proxy: FirestoreProxy, host: Host, interrupted: AbortSignal) {
    this.#suite = suite;
    this.proxy = proxy;
    this.#host = host;
    this.#interrupted = interrupted;
  }

  /** @param interrupted ends {@link wait} */
  static async start(suite: Suite, interrupted: AbortSignal): Promise<OutageDeployment> {
    const proxy = await startProxy({ target: suite.firestore });
    return new OutageDeployment(suite, proxy, await startInstance(suite, proxy), interrupted);
  }

  async createParticipant(claims: Readonly<Record<string, boolean>> = {}): Promise<Participant> {
    const storage = memoryStorage();
    const user = await signUp({ ...this.#suite, functions: this.#host.address }, claims);
    const settlements: Settlement[] = [];
    const openPage = () =>
      createSessionsClient(user.functions, {
        storage,
        onSettled: (settlement) => settlements.push(settlement),
      });
    const participant = { ...user, openPage, settlements };
    this.#participants.push(participant);
    return participant;
  }

  /** Kills the instance (kill -9), and starts another one, which all participants reach from then on. */
  async killInstance(): Promise<void> {
    this.#host.kill();
    this.#host = await startInstance(this.#suite, this.proxy);
    const { hostname, port } = new URL(`http://${this.#host.address}`);
    for (const { functions } of this.#participants)
      connectFunctionsEmulator(functions, hostname, Number(port));
  }

  /** The log lines of the instance about outages. */
  outageLog(): string[] {
    return this.#host
      .output()
      .split('\n')
      .filter((line) => /"message":"(firestore|fallback)\./.test(line));
  }

  async wait(ms: number): Promise<void> {
    await delay(Math.max(0, ms), undefined, { signal: this.#interrupted });
  }

  async stop(): Promise<void> {
    await this.#host.stop();
    await this.proxy.stop();
    for (const participant of this.#participants) await participant.close();
  }
}

// As deployed, except that a page without an agent behind it may write the answers, too.
const startInstance = ({ projectId, auth }: Suite, { address }: FirestoreProxy): Promise<Host> =>
  startHost({ projectId, auth, firestore: address, params: { OWNERS_MAY_ANSWER: 'true' } });
