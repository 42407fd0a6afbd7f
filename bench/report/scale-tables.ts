import { GUIDANCE } from '../scale/assumptions.ts';
import { type Hotspot, ofEachShard } from '../scale/hotspots.ts';
import type { ScaleInputs } from '../scale/inputs.ts';
import { MONTH_SECONDS, monthlyCost, totalOf } from '../scale/monthly-cost.ts';
import { type Scale, scaleTo } from '../scale/scale.ts';
import { short, table } from './table.ts';

const SESSIONS = [1_000, 10_000, 100_000, 1_000_000];
const MEGABYTE = 1_000_000;
const GIB = 2 ** 30;

/** The tables of docs/scale.md about ours, by their markers. */
export function scaleTables(inputs: ScaleInputs): Readonly<Record<string, string>> {
  const scales = SESSIONS.map((sessions) => scaleTo(sessions, inputs));
  return {
    assumptions: assumptionsOf(inputs),
    operations: operationsOf(inputs),
    load: loadOf(scales),
    places: placesOf(scales, inputs),
    cost: costOf(scales, inputs),
  };
}

function assumptionsOf({ assumptions, keptDays, cpuMs }: ScaleInputs): string {
  const measured = [...cpuMs].map(([call, ms]) => `${call} ${short(ms)}`).join(', ');
  return [
    `- A session has ${short(assumptions.turnsPerMinute)} turn a minute, and ${assumptions.messagesPerSession} messages before it is over. It is loaded ${assumptions.loadsPerSession} times. Of sessions ${short(100 * assumptions.endedByUser)} % are ended by their users; the others expire.`,
    `- Kept for ${short(keptDays)} days: lifetime and retention by the deployed params, and a day until TTL deletes.`,
    `- Instances are kept ${short(100 * assumptions.cpuUtilization)} % busy, have one vCPU and ${assumptions.memoryGiB} GiB, and take ${assumptions.concurrency} requests at once; a round trip to Firestore takes ${assumptions.rpcMs} ms.`,
    `- A call takes of an instance's processor as many ms as the load benchmark metered: ${measured}. createSession and endSession are taken to be as addMessage is, the event of a message as getSession.`,
  ].join('\n');
}

function operationsOf({ operations, stored }: ScaleInputs): string {
  const rows = Object.entries(operations).map(([name, operation]) => [
    name,
    ...[operation.reads, operation.writes, operation.trips, operation.indexEntries].map(short),
    short(operation.answerBytes / 1000),
    operation.hotIndexes.length === 0 && Object.keys(operation.shared).length === 0
      ? '–'
      : [
          ...Object.keys(operation.shared).map((group) => `a document of \`${group}\``),
          ...operation.hotIndexes.map(({ index }) => `\`${index}\``),
        ].join('<br>'),
  ]);
  const { session, message } = stored;
  return [
    table(
      ['', 'reads', 'writes', 'trips', 'index entries', 'KB to the caller', 'where every session writes'],
      rows,
    ),
    `A stored session takes ${short(session.documentBytes / 1000)} KB and ${session.indexEntries} index entries of ${short(session.indexBytes / 1000)} KB, a message ${short(message.documentBytes / 1000)} KB and ${message.indexEntries} of ${short(message.indexBytes / 1000)} KB.`,
  ].join('\n\n');
}

function loadOf(scales: readonly Scale[]): string {
  const rows: readonly (readonly [string, (scale: Scale) => string])[] = [
    ['turns', ({ turns }) => short(turns)],
    ['sessions begun, and ended', ({ operations }) => short(operations.createSession)],
    ['calls', ({ calls }) => short(calls)],
    ['events', ({ events }) => short(events)],
    ['documents read', ({ reads }) => short(reads)],
    ['documents written', ({ writes }) => short(writes)],
    ['documents deleted by TTL', ({ deletes }) => short(deletes)],
    ['index entries added and removed', ({ indexEntries }) => short(indexEntries)],
    ['MB to Firestore', ({ bytesToFirestore }) => short(bytesToFirestore / MEGABYTE)],
    ['MB from Firestore', ({ bytesFromFirestore }) => short(bytesFromFirestore / MEGABYTE)],
    ['MB to callers', ({ bytesToCallers }) => short(bytesToCallers / MEGABYTE)],
    ['instances', ({ instances }) => short(Math.ceil(instances.calls) + Math.ceil(instances.events))],
    ['GiB stored in the end', ({ stored }) => short(stored / GIB)],
    ['minutes to ramp up', ({ rampMinutes }) => short(rampMinutes)],
  ];
  return byScale(scales, 'a second, of', rows);
}

/** What has a bound: a place by writes a second, a job by sessions a second, instances. */
interface Bounded {
  readonly name: string;
  readonly bound: number;
  readonly of: (scale: Scale) => number;
  readonly spreadBy?: Hotspot['spreadBy'];
}

function placesOf(scales: readonly Scale[], { shards, expiredPerSecond }: ScaleInputs): string {
  const [smallest] = scales;
  if (!smallest) return '';
  const bounded = (kind: string, bound: number, places: (scale: Scale) => readonly Hotspot[]): Bounded[] =>
    places(smallest).map(({ name, spreadBy }) => ({
      name: `${kind} \`${name}\``,
      bound,
      spreadBy,
      of: (scale) => {
        const place = places(scale).find((other) => other.name === name);
        return place ? ofEachShard(place, shards) : 0;
      },
    }));
  const all: Bounded[] = [
    ...bounded('a document of', GUIDANCE.document, ({ hotDocuments }) => hotDocuments),
    ...bounded('index', GUIDANCE.growingIndex, ({ hotIndexes }) => hotIndexes),
    { name: 'the document of a session', bound: GUIDANCE.document, of: ({ ofOneSession }) => ofOneSession },
    {
      name: 'sessions that one run expires',
      bound: expiredPerSecond,
      of: ({ operations }) => operations.expireSessions,
    },
    { name: 'instances that are called', bound: GUIDANCE.instances, of: ({ instances }) => instances.calls },
    { name: 'instances that count', bound: GUIDANCE.instances, of: ({ instances }) => instances.events },
  ];
  const rows = all.map(({ name, bound, of, spreadBy }) => {
    const grows = of(smallest) < of(scales.at(-1) ?? smallest);
    const enough = (bound * smallest.sessions) / of(smallest);
    return [
      name,
      short(bound),
      grows ? short(Number(enough.toPrecision(2))) : 'any',
      ...scales.map((scale) => {
        const value = of(scale);
        const shown = value < 1 ? value.toFixed(2) : short(value);
        if (value <= bound) return shown;
        const needed = spreadBy
          ? `; ${spreadBy} ${short(Math.ceil((value / bound) * shards[spreadBy]))}`
          : '';
        return `**${shown}**${needed}`;
      }),
    ];
  });
  return table(['', 'bound', 'sessions up to it', ...headOf(scales, '').slice(1)], rows);
}

function costOf(scales: readonly Scale[], { assumptions }: ScaleInputs): string {
  const costs = scales.map((scale) => monthlyCost(scale, assumptions));
  const rows = Object.keys(costs[0] ?? {}).map((part) => [
    part,
    ...costs.map((cost) => dollars(cost[part] ?? 0)),
  ]);
  const totals = costs.map(totalOf);
  const perMillion = scales.map(
    ({ turns }, index) => ((totals[index] ?? 0) * 1_000_000) / (turns * MONTH_SECONDS),
  );
  return table(headOf(scales, '$ a month'), [
    ...rows,
    ['**all**', ...totals.map((total) => `**${dollars(total)}**`)],
    ['a million turns', ...perMillion.map(dollars)],
  ]);
}

function byScale(
  scales: readonly Scale[],
  what: string,
  rows: readonly (readonly [string, (scale: Scale) => string])[],
): string {
  return table(
    headOf(scales, what),
    rows.map(([name, show]) => [name, ...scales.map(show)]),
  );
}

function headOf(scales: readonly Scale[], what: string): string[] {
  return [what, ...scales.map(({ sessions }) => `${short(sessions)} sessions`)];
}

function dollars(amount: number): string {
  return amount < 100 ? amount.toFixed(2) : short(amount);
}
