import { GUIDANCE } from '../scale/assumptions.ts';
import type { Footprint } from '../scale/footprint.ts';
import { hotDocuments, hotIndexes, ofEachShard, type Shards } from '../scale/hotspots.ts';
import type { ScaleInputs } from '../scale/inputs.ts';
import { PRICES } from '../scale/prices.ts';
import { type Scale, scaleTo } from '../scale/scale.ts';
import type { ScaleResults } from '../scale/scale-results.ts';
import type { Traffic, TurnResult } from '../turn/turn-result.ts';
import { short, table, together } from './table.ts';

const SESSIONS = 100_000;
const MILLION = 1_000_000;

interface Operations {
  readonly reads: number;
  readonly writes: number;
  readonly deletes: number;
}

type Places = Pick<Scale, 'hotIndexes' | 'hotDocuments'>;

/**
 * What turns cost in Firestore, by the length of the session, and how many a second the hottest index or document takes.
 * @throws Error for a peer whose turn was not measured
 */
export function scalePeersTable(
  turn: readonly TurnResult[],
  peers: ScaleResults['peers'],
  inputs: ScaleInputs,
): string {
  const { turns } = scaleTo(SESSIONS, inputs);
  const sizes = Object.keys(turn[0]?.sizes ?? {}).map(Number);
  const rows = peers.map(({ peer, footprint }) => {
    const result = turn.find((other) => other.peer === peer);
    if (!result) throw new Error(`a turn of ${peer} must be measured, found none`);
    const costs = sizes.map((size) => result.sizes[size]);
    const each = (show: (mean: Traffic) => string) =>
      together(costs.map((cost) => (cost === undefined || typeof cost === 'string' ? '–' : show(cost.mean))));
    return [
      peer,
      each(({ reads, writes }) => dollars({ reads, writes, deletes: 0 })),
      each(({ bytesUp, bytesDown }) => short(((bytesUp + bytesDown) * turns) / MILLION)),
      short(footprint.indexEntries),
      atMost(1, placesOf([footprint], inputs.shards), inputs.shards),
    ];
  });
  return [
    `At ${short(SESSIONS)} sessions of ${sizes.map(short).join(' / ')} messages, ${short(turns)} turns a second; operations and bytes in the mean.`,
    table(
      ['', 'operations, $ a million turns', 'MB a second', 'index entries a turn', 'turns a second, at most'],
      [...ours(inputs), ...rows],
    ),
  ].join('\n\n');
}

/** Ours as the others are measured, and with all that is around a turn. */
function ours(inputs: ScaleInputs): string[][] {
  const { turn, operations, shards, assumptions } = inputs;
  const scale = scaleTo(SESSIONS, inputs);
  const { turns } = scale;
  const each = (perSecond: number) => perSecond / turns;
  const megabytes = (bytes: number) => short(bytes / MILLION);
  const appends = [operations['addMessage, question'], operations['addMessage, answer']];
  return [
    [
      '**kb-sessions, addMessage twice**',
      dollars({ reads: turn.mean.reads, writes: turn.mean.writes, deletes: 0 }),
      megabytes((turn.mean.bytesUp + turn.mean.bytesDown) * turns),
      short(appends.reduce((sum, { indexEntries }) => sum + indexEntries, 0)),
      atMost(1, placesOf(appends, shards), shards),
    ],
    [
      `**the same with counting, sessions of ${assumptions.messagesPerSession} messages, expiry, deletion**`,
      dollars({ reads: each(scale.reads), writes: each(scale.writes), deletes: each(scale.deletes) }),
      megabytes(scale.bytesToFirestore + scale.bytesFromFirestore),
      short(each(scale.indexEntries)),
      atMost(turns, scale, shards),
    ],
  ];
}

function placesOf(operations: readonly Footprint[], shards: Shards): Places {
  const once = operations.map((operation) => [1, operation] as const);
  return { hotIndexes: hotIndexes(once, shards), hotDocuments: hotDocuments(once, shards) };
}

/** How many turns a second the hottest of the places takes, to which so many come with what they write there. */
function atMost(turns: number, { hotIndexes, hotDocuments }: Places, shards: Shards): string {
  const bounds = [
    ...hotIndexes.map((place) => GUIDANCE.growingIndex / ofEachShard(place, shards)),
    ...hotDocuments.map((place) => GUIDANCE.document / ofEachShard(place, shards)),
  ];
  return bounds.length === 0 ? 'any' : short(turns * Math.min(...bounds));
}

function dollars({ reads, writes, deletes }: Operations): string {
  const each = reads * PRICES.readsPer100k + writes * PRICES.writesPer100k + deletes * PRICES.deletesPer100k;
  return ((each * MILLION) / 100_000).toFixed(2);
}
