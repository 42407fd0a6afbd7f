import type { Traffic } from '../turn/turn-result.ts';
import { GUIDANCE } from './assumptions.ts';
import { type Hotspot, hotDocuments, hotIndexes } from './hotspots.ts';
import type { ScaleInputs } from './inputs.ts';
import type { OperationName, StoredResult } from './scale-results.ts';

/** What so many sessions come to, per second where nothing else is said. */
export interface Scale {
  readonly sessions: number;
  readonly turns: number;
  readonly operations: Readonly<Record<OperationName, number>>;
  /** Calls of functions over HTTP, and events. */
  readonly calls: number;
  readonly events: number;
  readonly reads: number;
  readonly writes: number;
  /** By TTL. */
  readonly deletes: number;
  /** Added and removed, by TTL too. */
  readonly indexEntries: number;
  readonly bytesToFirestore: number;
  readonly bytesFromFirestore: number;
  readonly bytesToCallers: number;
  readonly bytesOfEvents: number;
  readonly hotIndexes: readonly Hotspot[];
  readonly hotDocuments: readonly Hotspot[];
  /** Writes to the document of one session. */
  readonly ofOneSession: number;
  /** Minutes until an empty database may have all of it. */
  readonly rampMinutes: number;
  /** Instances of the function that is called, and of the one that counts: how much of them, not how many run. */
  readonly instances: { readonly calls: number; readonly events: number };
  /** In bytes, once as much is deleted as is stored. */
  readonly stored: number;
}

/** Which of the calls that are measured under load an operation's use of the processor is taken from. */
const LIKE: Readonly<Partial<Record<OperationName, string>>> = {
  createSession: 'addMessage',
  getSession: 'getSession',
  getHistory: 'getHistory',
  'addMessage, question': 'addMessage',
  'addMessage, answer': 'addMessage',
  endSession: 'addMessage',
  // One round trip.
  onMessageCreated: 'getSession',
};
const DAY_SECONDS = 24 * 60 * 60;

/** @param sessions how many people talk in at the same time */
export function scaleTo(sessions: number, inputs: ScaleInputs): Scale {
  const { turn, stored, shards, keptDays, assumptions } = inputs;
  const turns = (sessions * assumptions.turnsPerMinute) / 60;
  const messages = 2 * turns;
  const begun = messages / assumptions.messagesPerSession;
  const perSecond: Record<OperationName, number> = {
    createSession: begun,
    getSession: begun * assumptions.loadsPerSession,
    getHistory: begun * assumptions.loadsPerSession,
    'addMessage, question': turns,
    'addMessage, answer': turns,
    onMessageCreated: messages,
    endSession: begun * assumptions.endedByUser,
    expireSessions: begun * (1 - assumptions.endedByUser),
    reconcileCounters: begun,
  };
  const operations = namesOf(perSecond).map((name) => ({
    name,
    rate: perSecond[name],
    result: inputs.operations[name],
  }));
  const rated = operations.map(({ rate, result }) => [rate, result] as const);
  const around = operations.filter(({ name }) => !name.startsWith('addMessage'));
  const counting = operations.filter(({ name }) => name === 'onMessageCreated');
  const called = operations.filter(({ name }) => name in LIKE && name !== 'onMessageCreated');
  const instances = ({ name, rate, result }: (typeof operations)[number]) =>
    instancesFor(inputs, LIKE[name], rate, result.trips);
  const withTurn = (of: keyof Traffic) =>
    turns * turn.mean[of] + sum(around, ({ rate, result }) => rate * result[of]);
  const [reads, writes] = [withTurn('reads'), withTurn('writes')];
  const kept = begun * keptDays * DAY_SECONDS;
  const ofSession = (value: (document: StoredResult) => number) =>
    value(stored.session) + assumptions.messagesPerSession * value(stored.message);
  return {
    sessions,
    turns,
    operations: perSecond,
    calls: sum(called, ({ rate }) => rate),
    events: messages,
    reads,
    writes,
    deletes: begun + messages,
    indexEntries:
      sum(operations, ({ rate, result }) => rate * result.indexEntries) +
      begun * ofSession(({ indexEntries }) => indexEntries),
    bytesToFirestore: withTurn('bytesUp'),
    bytesFromFirestore: withTurn('bytesDown'),
    bytesToCallers: sum(called, ({ rate, result }) => rate * result.answerBytes),
    bytesOfEvents: messages * stored.message.documentBytes,
    hotIndexes: hotIndexes(rated, shards),
    hotDocuments: hotDocuments(rated, shards),
    ofOneSession:
      sum(operations, ({ rate, result }) => rate * (result.documents.kb_sessions ?? 0)) / sessions,
    rampMinutes: rampMinutes(reads + writes),
    instances: { calls: sum(called, instances), events: sum(counting, instances) },
    stored: kept * ofSession(({ documentBytes, indexBytes }) => documentBytes + indexBytes),
  };
}

/** As many as the processors take, or as requests at once: whichever is more. */
function instancesFor(
  { cpuMs, assumptions }: ScaleInputs,
  like: string | undefined,
  rate: number,
  trips: number,
): number {
  if (like === undefined) return 0;
  const ms = cpuMs.get(like);
  if (ms === undefined) throw new Error(`${like} must be measured under load, found nothing`);
  const busy = (rate * ms) / 1000 / assumptions.cpuUtilization;
  const waiting = (rate * (ms + trips * assumptions.rpcMs)) / 1000 / assumptions.concurrency;
  return Math.max(busy, waiting);
}

function rampMinutes(operations: number): number {
  const { start, growth, minutes } = GUIDANCE.ramp;
  return minutes * Math.max(0, Math.ceil(Math.log(operations / start) / Math.log(growth)));
}

function sum<Item>(items: readonly Item[], value: (item: Item) => number): number {
  return items.reduce((total, item) => total + value(item), 0);
}

function namesOf(record: Record<OperationName, number>): OperationName[] {
  return Object.keys(record).filter((name): name is OperationName => name in record);
}
