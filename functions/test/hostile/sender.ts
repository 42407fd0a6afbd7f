import { Agent, request } from 'node:http';
import type { Host } from 'kb-sessions-testing';
import type { Attack } from './attack.ts';

const CONCURRENT = 16;

export type Answer = { status: number; text: string };

/** Sends requests to a host over connections that it keeps until it is closed, as whatever they are: `fetch` would refuse some of them. */
export class Sender {
  readonly #agent = new Agent({ keepAlive: true, maxSockets: CONCURRENT });
  readonly #host: Host;

  constructor(host: Host) {
    this.#host = host;
  }

  send({ method = 'POST', call, headers, body }: Omit<Attack, 'title' | 'expected'>): Promise<Answer> {
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    const [hostname, port] = this.#host.address.split(':');
    const length = { 'content-length': Buffer.byteLength(body) };
    const options = { agent: this.#agent, hostname, port, method, headers: { ...headers, ...length } };
    const sent = request({ ...options, path: `/sessions/${call}` }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
      response.on('error', reject);
    });
    sent.on('error', reject);
    sent.end(body);
    return promise;
  }

  /** Sends all of them, {@link CONCURRENT} at a time, and hands each answer on. */
  async sendAll(
    attacks: readonly Attack[],
    answered: (attack: Attack, answer: Answer) => void,
  ): Promise<void> {
    const waiting = attacks.values();
    const work = async (): Promise<void> => {
      for (const attack of waiting) answered(attack, await this.send(attack));
    };
    await Promise.all(Array.from({ length: CONCURRENT }, work));
  }

  close(): void {
    this.#agent.destroy();
  }
}
