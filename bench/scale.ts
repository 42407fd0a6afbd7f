import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import type { JobResult } from './jobs/bench-jobs.ts';
import type { LoadResult } from './load/bench-load.ts';
import { cell, short, table } from './report/format.ts';
import { ASSUMPTIONS, type Assumptions, GUIDANCE, PRICES, TTL_DAYS } from './scale/assumptions.ts';
import type { Footprint } from './scale/footprint.ts';
import type { OperationName, ScaleResults, StoredResult } from './scale/scale-results.ts';
import { sumOf } from './stats.ts';
import type { Traffic, TurnCost, TurnResult } from './turn/turn-result.ts';

// The arithmetic and the tables of docs/scale.md, from the results of the benchmarks, the deployed params and the
// assumptions.

/** The results of the benchmarks, by their names. */
export type Measured = { turn: TurnResult[]; load: LoadResult[]; jobs: JobResult[]; scale: ScaleResults };

/** The params that spread the writes of all sessions. */
type Shards = { EXPIRY_SHARDS: number; ANALYTICS_SHARDS: number };

/** The inputs of the arithmetic. All but the assumptions are measured or deployed. */
export type ScaleInputs = Pick<ScaleResults, 'operations' | 'stored'> & {
  /** Ours, by two calls of addMessage. */
  turn: TurnCost;
  /** CPU time of an instance per call in milliseconds, by the name of the call. */
  cpuMs: Map<string, number>;
  /** Sessions a second, in the largest measured run of expireSessions. */
  expiredPerSecond: number;
  /** The deployed params. */
  shards: Shards;
  /** The days from the first message of a session to its deletion, by the deployed params. */
  keptDays: number;
  assumptions: Assumptions;
};

const SESSION_MESSAGES = 30;
const DAY_SECONDS = 24 * 60 * 60;
export const MONTH_SECONDS = 30 * DAY_SECONDS;
const MILLION = 1_000_000;
const GIB = 2 ** 30;
const TIB = 2 ** 40;

/** @param env the content of functions/.env. @throws Error if the measurements contradict each other */
export const scaleInputsOf = (
  { turn, load, jobs, scale }: Measured,
  env: NodeJS.Dict<string>,
): ScaleInputs => {
  const cost = turn.find(({ kind }) => kind === 'ours')?.sizes[SESSION_MESSAGES];
  if (typeof cost !== 'object')
    throw new Error(`our turn at ${SESSION_MESSAGES} messages must be measured, found ${cost}`);
  const { operations, stored } = scale;
  const [question, answer] = [operations['addMessage, question'], operations['addMessage, answer']];
  for (const unit of ['reads', 'writes', 'trips'] as const) {
    const total = question[unit] + answer[unit];
    if (total !== cost[unit])
      throw new Error(
        `${unit} of a turn must be ${cost[unit]} as in turn, found ${total}: measure both again`,
      );
  }
  const expiry = jobs.findLast(({ job }) => job === 'expireSessions');
  if (!expiry) throw new Error('expireSessions must be measured, found nothing');
  const param = (name: string): number => {
    const value = Number(env[name]);
    if (value > 0) return value;
    throw new Error(`functions/.env must contain ${name}, found ${env[name]}`);
  };
  return {
    turn: cost,
    operations,
    stored,
    cpuMs: new Map(load.flatMap(({ call, cpu }) => (cpu ? [[call, cpu.oursMs]] : []))),
    expiredPerSecond: (1000 * expiry.done) / expiry.ms,
    shards: { EXPIRY_SHARDS: param('EXPIRY_SHARDS'), ANALYTICS_SHARDS: param('ANALYTICS_SHARDS') },
    keptDays: param('RETENTION_DAYS') + param('LIFETIME_SECONDS') / DAY_SECONDS + TTL_DAYS,
    assumptions: ASSUMPTIONS,
  };
};

/** An index or a document that every session writes. */
type Hotspot = {
  name: string;
  /** The param that spreads it, if there is one. */
  spreadBy?: keyof Shards;
  /** Writes a second, over all shards. */
  perSecond: number;
};

type Hotspots = { hotIndexes: Hotspot[]; hotDocuments: Hotspot[] };
type Rated = [perSecond: number, operation: Footprint][];

/** Returns the indexes whose end every session writes, and the documents that every session writes, hottest first. */
const hotspotsOf = (operations: Rated, shards: Shards): Hotspots => {
  const indexes = operations.flatMap(([perSecond, { hotIndexes }]) =>
    hotIndexes.map(({ index, lead, entries }): Hotspot => {
      const spread = lead.includes('expiry_shard') && { spreadBy: 'EXPIRY_SHARDS' as const };
      return { name: index, ...spread, perSecond: perSecond * entries };
    }),
  );
  const documents = operations.flatMap(([perSecond, { shared }]) =>
    Object.entries(shared).map(([group, writes]): Hotspot => {
      const spread = group === 'shards' && { spreadBy: 'ANALYTICS_SHARDS' as const };
      return { name: group, ...spread, perSecond: perSecond * writes };
    }),
  );
  return { hotIndexes: mergeHotspots(indexes, shards), hotDocuments: mergeHotspots(documents, shards) };
};

/** Returns the writes a second to each shard. */
export const perShard = ({ perSecond, spreadBy }: Hotspot, shards: Shards): number =>
  spreadBy === undefined ? perSecond : perSecond / shards[spreadBy];

const mergeHotspots = (hotspots: readonly Hotspot[], shards: Shards): Hotspot[] => {
  const byName = new Map<string, Hotspot>();
  for (const hotspot of hotspots) {
    const perSecond = hotspot.perSecond + (byName.get(hotspot.name)?.perSecond ?? 0);
    byName.set(hotspot.name, { ...hotspot, perSecond });
  }
  return [...byName.values()].toSorted((a, b) => perShard(b, shards) - perShard(a, shards));
};

/** The load of a number of concurrent sessions. Rates are per second. */
export type Scale = Hotspots & {
  sessions: number;
  turns: number;
  operations: Record<OperationName, number>;
  /** Calls of functions over HTTP. */
  calls: number;
  /** Events that the trigger receives. */
  events: number;
  reads: number;
  writes: number;
  /** By TTL. */
  deletes: number;
  /** Index entries added and removed, with those removed by TTL. */
  indexEntries: number;
  bytesToFirestore: number;
  bytesFromFirestore: number;
  bytesToCallers: number;
  bytesOfEvents: number;
  /** Writes a second to the document of one session. */
  writesPerSession: number;
  /** The minutes until a new database may receive this load. */
  rampMinutes: number;
  /** Busy instances of the function for calls and of the trigger, as fractions. */
  instances: { calls: number; events: number };
  /** Stored bytes, once deletions equal additions. */
  stored: number;
};

/** The measured call from which the CPU time of an operation is taken. The trigger makes one trip, as getSession does. */
const CPU_LIKE: Partial<Record<OperationName, string>> = {
  createSession: 'addMessage',
  getSession: 'getSession',
  getHistory: 'getHistory',
  'addMessage, question': 'addMessage',
  'addMessage, answer': 'addMessage',
  endSession: 'addMessage',
  onMessageCreated: 'getSession',
};

/** @param sessions the number of concurrent sessions */
export const scaleOf = (sessions: number, inputs: ScaleInputs): Scale => {
  const { turn, stored, shards, keptDays, assumptions } = inputs;
  const turns = (sessions * assumptions.turnsPerMinute) / 60;
  const messages = 2 * turns;
  const created = messages / assumptions.messagesPerSession;
  const perSecond: Record<OperationName, number> = {
    createSession: created,
    getSession: created * assumptions.loadsPerSession,
    getHistory: created * assumptions.loadsPerSession,
    'addMessage, question': turns,
    'addMessage, answer': turns,
    onMessageCreated: messages,
    endSession: created * assumptions.endedByUser,
    expireSessions: created * (1 - assumptions.endedByUser),
    reconcileCounters: created,
  };
  const operations = Object.entries(inputs.operations).map(([key, result]) => {
    const name = key as OperationName;
    return { name, rate: perSecond[name], result };
  });
  const rated: Rated = operations.map(({ rate, result }) => [rate, result]);
  const aroundTurns = operations.filter(({ name }) => !name.startsWith('addMessage'));
  const counting = operations.filter(({ name }) => name === 'onMessageCreated');
  const called = operations.filter(({ name }) => name in CPU_LIKE && name !== 'onMessageCreated');
  const instancesOf = ({ name, rate, result }: (typeof operations)[number]) =>
    instancesFor(inputs, CPU_LIKE[name] ?? name, rate, result.trips);
  const total = (unit: keyof Traffic) =>
    turns * turn.mean[unit] + sumOf(aroundTurns, ({ rate, result }) => rate * result[unit]);
  const sessionTotal = (select: (document: StoredResult) => number) =>
    select(stored.session) + assumptions.messagesPerSession * select(stored.message);
  return {
    sessions,
    turns,
    operations: perSecond,
    calls: sumOf(called, ({ rate }) => rate),
    events: messages,
    reads: total('reads'),
    writes: total('writes'),
    deletes: created + messages,
    indexEntries:
      sumOf(operations, ({ rate, result }) => rate * result.indexEntries) +
      created * sessionTotal(({ indexEntries }) => indexEntries),
    bytesToFirestore: total('bytesUp'),
    bytesFromFirestore: total('bytesDown'),
    bytesToCallers: sumOf(called, ({ rate, result }) => rate * result.answerBytes),
    bytesOfEvents: messages * stored.message.documentBytes,
    ...hotspotsOf(rated, shards),
    writesPerSession:
      sumOf(operations, ({ rate, result }) => rate * (result.documents.kb_sessions ?? 0)) / sessions,
    rampMinutes: rampMinutesFor(total('reads') + total('writes')),
    instances: { calls: sumOf(called, instancesOf), events: sumOf(counting, instancesOf) },
    stored:
      created *
      keptDays *
      DAY_SECONDS *
      sessionTotal(({ documentBytes, indexBytes }) => documentBytes + indexBytes),
  };
};

/** Returns the instances that CPU time or concurrent requests need, whichever is more. */
const instancesFor = (
  { cpuMs, assumptions }: ScaleInputs,
  call: string,
  rate: number,
  trips: number,
): number => {
  const ms = cpuMs.get(call);
  if (ms === undefined) throw new Error(`${call} must be measured under load, found nothing`);
  const byCpu = (rate * ms) / 1000 / assumptions.cpuUtilization;
  const byConcurrency = (rate * (ms + trips * assumptions.rpcMs)) / 1000 / assumptions.concurrency;
  return Math.max(byCpu, byConcurrency);
};

const rampMinutesFor = (operations: number): number => {
  const { start, growth, minutes } = GUIDANCE.ramp;
  return minutes * Math.max(0, Math.ceil(Math.log(operations / start) / Math.log(growth)));
};

/** Returns US dollars for 30 days around the clock, by purpose, without free tiers and with whole instances. */
export const monthlyCostOf = (scale: Scale, { memoryGiB }: Assumptions): Record<string, number> => {
  const monthly = (perSecond: number) => perSecond * MONTH_SECONDS;
  const instances = instanceCount(scale);
  return {
    'Firestore, reads': (monthly(scale.reads) / 100_000) * PRICES.readsPer100k,
    'Firestore, writes': (monthly(scale.writes) / 100_000) * PRICES.writesPer100k,
    'Firestore, deletes by TTL': (monthly(scale.deletes) / 100_000) * PRICES.deletesPer100k,
    'Firestore, storage': (scale.stored / GIB) * PRICES.storedGiBMonth,
    'Cloud Run, CPU': monthly(instances) * PRICES.vCpuSecond,
    'Cloud Run, memory': monthly(instances) * memoryGiB * PRICES.memoryGiBSecond,
    'Cloud Run, requests': (monthly(scale.calls + scale.events) / MILLION) * PRICES.requestsPerMillion,
    'events, published and delivered': ((2 * monthly(scale.bytesOfEvents)) / TIB) * PRICES.eventsTiB,
    'traffic to callers': (monthly(scale.bytesToCallers) / GIB) * PRICES.egressGiB,
  };
};

const instanceCount = ({ instances }: Scale): number =>
  Math.ceil(instances.calls) + Math.ceil(instances.events);

/** Returns the turns a second at which the first hotspot reaches its bound; infinite without hotspots. */
export const maxTurnsPerSecond = (
  turns: number,
  { hotIndexes, hotDocuments }: Hotspots,
  shards: Shards,
): number =>
  turns *
  Math.min(
    ...hotIndexes.map((hotspot) => GUIDANCE.growingIndex / perShard(hotspot, shards)),
    ...hotDocuments.map((hotspot) => GUIDANCE.document / perShard(hotspot, shards)),
  );

/** Returns US dollars for the Firestore operations of a million turns. */
export const millionTurnsCost = (perTurn: Pick<Scale, 'reads' | 'writes' | 'deletes'>): number =>
  ((perTurn.reads * PRICES.readsPer100k +
    perTurn.writes * PRICES.writesPer100k +
    perTurn.deletes * PRICES.deletesPer100k) *
    MILLION) /
  100_000;

/** Something with a bound, and its value at each scale. */
type Limit = { name: string; bound: number; valueAt(scale: Scale): number; spreadBy?: keyof Shards };

export const limitsOf = (scale: Scale, { shards, expiredPerSecond }: ScaleInputs): Limit[] => {
  const limits = (kind: string, bound: number, hotspots: (at: Scale) => Hotspot[]): Limit[] =>
    hotspots(scale).map(({ name, spreadBy }) => ({
      name: `${kind} \`${name}\``,
      bound,
      ...(spreadBy && { spreadBy }),
      valueAt: (at) => {
        const hotspot = hotspots(at).find((other) => other.name === name);
        return hotspot ? perShard(hotspot, shards) : 0;
      },
    }));
  return [
    ...limits('a document of', GUIDANCE.document, ({ hotDocuments }) => hotDocuments),
    ...limits('index', GUIDANCE.growingIndex, ({ hotIndexes }) => hotIndexes),
    {
      name: 'the document of a session',
      bound: GUIDANCE.document,
      valueAt: ({ writesPerSession }) => writesPerSession,
    },
    {
      name: 'sessions that one run expires',
      bound: expiredPerSecond,
      valueAt: ({ operations }) => operations.expireSessions,
    },
    { name: 'instances for calls', bound: GUIDANCE.instances, valueAt: ({ instances }) => instances.calls },
    {
      name: 'instances for counting',
      bound: GUIDANCE.instances,
      valueAt: ({ instances }) => instances.events,
    },
  ];
};

const SCALES = [1_000, 10_000, 100_000, 1_000_000];
const PEER_SCALE = 100_000;

/** Returns the generated texts of docs/scale.md, by their markers. */
export const scaleTexts = (
  measured: Measured,
  dates: readonly [benchmark: string, date: string][],
): Record<string, string> => {
  const env = parseEnv(readFileSync(join(import.meta.dirname, '../functions/.env'), 'utf8'));
  const inputs = scaleInputsOf(measured, env);
  const scales = SCALES.map((sessions) => scaleOf(sessions, inputs));
  const days = [...Map.groupBy(dates, ([, date]) => date)].map(
    ([date, group]) => `${group.map(([benchmark]) => `\`${benchmark}\``).join(', ')} on ${date}`,
  );
  return {
    measured: `Measured: ${days.join('; ')}.`,
    assumptions: assumptionsText(inputs),
    operations: operationsText(inputs),
    load: loadTable(scales),
    limits: limitsTable(scales, inputs),
    cost: costTable(scales, inputs),
    peers: peersText(measured, inputs),
  };
};

const assumptionsText = ({ assumptions, keptDays, cpuMs }: ScaleInputs): string => {
  const { turnsPerMinute, messagesPerSession, loadsPerSession, endedByUser } = assumptions;
  const measured = [...cpuMs].map(([call, ms]) => `${call} ${short(ms)}`).join(', ');
  return [
    `- A session has ${short(turnsPerMinute)} turn a minute, ${messagesPerSession} messages in all, and is loaded ${loadsPerSession} times. Users end ${short(100 * endedByUser)} % of the sessions; the others expire.`,
    `- A session is kept for ${short(keptDays)} days: lifetime and retention by the deployed params, and a day until TTL deletes.`,
    `- Instances have one vCPU and ${assumptions.memoryGiB} GiB, ${short(100 * assumptions.cpuUtilization)} % CPU utilization and ${assumptions.concurrency} concurrent requests. A round trip to Firestore takes ${assumptions.rpcMs} ms.`,
    `- CPU time per call in ms, as the load benchmark measured it: ${measured}. createSession and endSession count as addMessage, the event of a message as getSession.`,
  ].join('\n');
};

const operationsText = ({ operations, stored: { session, message } }: ScaleInputs): string => {
  const kilobytes = (bytes: number) => short(bytes / 1000);
  const rows = Object.entries(operations).map(([name, operation]) => {
    const { reads, writes, trips, indexEntries, answerBytes, shared, hotIndexes } = operation;
    const hotspots = [
      ...Object.keys(shared).map((group) => `a document of \`${group}\``),
      ...hotIndexes.map(({ index }) => `\`${index}\``),
    ];
    const counts = [reads, writes, trips, indexEntries].map(short);
    return [name, ...counts, kilobytes(answerBytes), hotspots.join('<br>') || '–'];
  });
  return [
    table(['', 'reads', 'writes', 'trips', 'index entries', 'KB to the caller', 'hotspots'], rows),
    `A stored session takes ${kilobytes(session.documentBytes)} KB and ${session.indexEntries} index entries of ${kilobytes(session.indexBytes)} KB, a message ${kilobytes(message.documentBytes)} KB and ${message.indexEntries} of ${kilobytes(message.indexBytes)} KB.`,
  ].join('\n\n');
};

const headOf = (scales: readonly Scale[], first: string): string[] => [
  first,
  ...scales.map(({ sessions }) => `${short(sessions)} sessions`),
];

const loadTable = (scales: readonly Scale[]): string => {
  const rows: [string, (scale: Scale) => number][] = [
    ['turns', ({ turns }) => turns],
    ['sessions created, and closed', ({ operations }) => operations.createSession],
    ['calls', ({ calls }) => calls],
    ['events', ({ events }) => events],
    ['documents read', ({ reads }) => reads],
    ['documents written', ({ writes }) => writes],
    ['documents deleted by TTL', ({ deletes }) => deletes],
    ['index entries added and removed', ({ indexEntries }) => indexEntries],
    ['MB to Firestore', ({ bytesToFirestore }) => bytesToFirestore / MILLION],
    ['MB from Firestore', ({ bytesFromFirestore }) => bytesFromFirestore / MILLION],
    ['MB to callers', ({ bytesToCallers }) => bytesToCallers / MILLION],
    ['instances', instanceCount],
    ['GiB stored in the steady state', ({ stored }) => stored / GIB],
    ['minutes to ramp up', ({ rampMinutes }) => rampMinutes],
  ];
  return table(
    headOf(scales, 'per second'),
    rows.map(([name, select]) => [name, ...scales.map((scale) => short(select(scale)))]),
  );
};

const limitsTable = (scales: readonly Scale[], inputs: ScaleInputs): string => {
  const [smallest, largest] = [scales[0], scales.at(-1)];
  if (!smallest || !largest) return '';
  const rows = limitsOf(smallest, inputs).map(({ name, bound, valueAt, spreadBy }) => {
    const maxSessions = Number(((bound * smallest.sessions) / valueAt(smallest)).toPrecision(2));
    return [
      name,
      short(bound),
      valueAt(smallest) < valueAt(largest) ? short(maxSessions) : 'any',
      ...scales.map((scale) => {
        const value = valueAt(scale);
        const text = value < 1 ? value.toFixed(2) : short(value);
        if (value <= bound) return text;
        const needed = spreadBy && Math.ceil((value / bound) * inputs.shards[spreadBy]);
        return `**${text}**${needed ? `; ${spreadBy} ${short(needed)}` : ''}`;
      }),
    ];
  });
  return table(['', 'bound', 'sessions up to it', ...headOf(scales, '').slice(1)], rows);
};

const dollars = (amount: number): string => (amount < 100 ? amount.toFixed(2) : short(amount));

const costTable = (scales: readonly Scale[], { assumptions }: ScaleInputs): string => {
  const costs = scales.map((scale) => monthlyCostOf(scale, assumptions));
  const rows = Object.keys(costs[0] ?? {}).map((part) => [
    part,
    ...costs.map((cost) => dollars(cost[part] ?? 0)),
  ]);
  const totals = costs.map((cost) => sumOf(Object.values(cost), (part) => part));
  const perMillion = scales.map(({ turns }, at) => ((totals[at] ?? 0) * MILLION) / (turns * MONTH_SECONDS));
  return table(headOf(scales, '$ a month'), [
    ...rows,
    ['**all**', ...totals.map((total) => `**${dollars(total)}**`)],
    ['a million turns', ...perMillion.map(dollars)],
  ]);
};

/** The costs of a turn of each peer in Firestore, and the turns a second that its hottest index or document allows. */
const peersText = ({ turn, scale: { peers } }: Measured, inputs: ScaleInputs): string => {
  const { operations, shards, assumptions } = inputs;
  const scale = scaleOf(PEER_SCALE, inputs);
  const { turns } = scale;
  const sizes = Object.keys(turn[0]?.sizes ?? {}).map(Number);
  const limit = (hotspots: Hotspots, of = 1) => {
    const max = maxTurnsPerSecond(of, hotspots, shards);
    return Number.isFinite(max) ? short(max) : 'any';
  };
  const hotspots = (...footprints: Footprint[]) =>
    hotspotsOf(
      footprints.map((footprint) => [1, footprint]),
      shards,
    );
  const price = ({ reads, writes }: Traffic) => millionTurnsCost({ reads, writes, deletes: 0 }).toFixed(2);
  const megabytes = ({ bytesUp, bytesDown }: Traffic) => short(((bytesUp + bytesDown) * turns) / MILLION);
  const appends = [operations['addMessage, question'], operations['addMessage, answer']];
  const perTurn = {
    reads: scale.reads / turns,
    writes: scale.writes / turns,
    deletes: scale.deletes / turns,
  };
  const rows = [
    [
      '**kb-sessions, addMessage twice**',
      price(inputs.turn.mean),
      megabytes(inputs.turn.mean),
      short(sumOf(appends, ({ indexEntries }) => indexEntries)),
      limit(hotspots(...appends)),
    ],
    [
      `**the same with counting, sessions of ${assumptions.messagesPerSession} messages, expiry, deletion**`,
      millionTurnsCost(perTurn).toFixed(2),
      short((scale.bytesToFirestore + scale.bytesFromFirestore) / MILLION),
      short(scale.indexEntries / turns),
      limit(scale, turns),
    ],
    ...peers.map(({ peer, footprint }) => {
      const result = turn.find((other) => other.peer === peer);
      if (!result) throw new Error(`a turn of ${peer} must be measured, found none`);
      const costs = sizes.map((size) => result.sizes[size]);
      const each = (format: (mean: Traffic) => string) =>
        cell(costs.map((cost) => (typeof cost === 'object' ? format(cost.mean) : '–')));
      return [peer, each(price), each(megabytes), short(footprint.indexEntries), limit(hotspots(footprint))];
    }),
  ];
  const head = [
    '',
    'operations, $ a million turns',
    'MB a second',
    'index entries a turn',
    'turns a second, at most',
  ];
  return [
    `At ${short(PEER_SCALE)} sessions of ${sizes.map(short).join(' / ')} messages, ${short(turns)} turns a second; means of operations and bytes.`,
    table(head, rows),
  ].join('\n\n');
};
