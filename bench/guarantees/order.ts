import { say } from '../content.ts';
import type { Connection } from '../peers/peer.ts';
import type { Guarantee } from './guarantee.ts';

const TURNS = 6;
const SLOW_MS = 5000;

export const order: Guarantee = {
  name: 'order',
  promise:
    'turns that two servers take one after the other come back as said, though one’s clock is 5 s slow',
  async check(connect) {
    const [right, behind] = [connect(), connect()];
    const chat = await connect().open('alice', []);
    const said: string[] = [];
    for (let turn = 0; turn < TURNS; turn += 1) {
      const question = say('user');
      const answer = say('assistant');
      const turnOf = (server: Connection) => server.turn(chat, question, async () => answer);
      await (turn % 2 === 0 ? turnOf(right) : withSlowClock(() => turnOf(behind)));
      said.push(question.content, answer.content);
    }
    const read = await connect().read(chat);
    const kept = read.length === said.length && read.every((content, at) => content === said[at]);
    if (kept) return null;
    if (read.length < said.length) return `of ${said.length} messages ${read.length} were left`;
    return 'the messages came back in another order';
  },
};

async function withSlowClock<Result>(work: () => Promise<Result>): Promise<Result> {
  const { Date: RealDate } = globalThis;
  globalThis.Date = class extends RealDate {
    constructor(...time: [] | [number | string | Date]) {
      super(time[0] ?? RealDate.now() - SLOW_MS);
    }
    static override now(): number {
      return RealDate.now() - SLOW_MS;
    }
  } as DateConstructor;
  try {
    return await work();
  } finally {
    globalThis.Date = RealDate;
  }
}
