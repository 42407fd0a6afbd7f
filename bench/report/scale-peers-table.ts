import { GUIDANCE } from '../scale/assumptions.ts';
import { type HotPlace, hotIndexes, ofEachShard } from '../scale/hot-places.ts';
import type { ScaleInputs } from '../scale/inputs.ts';
import { PRICES } from '../scale/prices.ts';
import { scaleTo } from '../scale/scale.ts';
import type { ScaleResults } from '../scale/scale-results.ts';
import type { TurnCost, TurnResult } from '../turn/turn-result.ts';
import { short, table, together } from './table.ts';

const SESSIONS = 100_000;
const MILLION = 1_000_000;

interface Operations {
  readonly reads: number;
  readonly writes: number;
  readonly deletes: number;
}

/** What turns cost in Firestore, by the length of the session, and how many a second the indexes take. */
export function scalePeersTable(
  turn: readonly TurnResult[],
  peers: ScaleResults['peers'],
  inputs: ScaleInputs,
): string {
  const { turns } = scaleTo(SESSIONS, inputs);
  const sizes = Object.keys(turn[0]?.sizes ?? {}).map(Number);
  const rows = peers.flatMap(({ peer, footprint }) => {
    const result = turn.find((other) => other.peer === peer);
    if (!result) return [];
    const costs = sizes.map((size) => result.sizes[size]);
    const each = (show: (cost: TurnCost) => string) =>
      together(costs.map((cost) => (cost === undefined || typeof cost === 'string' ? '–' : show(cost))));
    return [
      [
        peer,
        each(({ reads, writes }) => dollars({ reads, writes, deletes: 0 })),
        each(({ bytesUp, bytesDown }) => short(((bytesUp + bytesDown) * turns) / MILLION)),
        short(footprint.indexEntries),
        atMost(footprint.hotIndexes.map(({ entries }) => GUIDANCE.growingIndex / entries)),
      ],
    ];
  });
  return [
    `At ${short(SESSIONS)} sessions of ${sizes.map(short).join(' / ')} messages, ${short(turns)} turns a second.`,
    table(
      ['', 'operations, $ a million turns', 'MB a second', 'index entries a turn', 'turns a second, at most'],
      [...ours(inputs), ...rows],
    ),
  ].join('\n\n');
}

/** Ours as the others are measured, and with all that is around a turn. */
function ours(inputs: ScaleInputs): string[][] {
  const { turn, operations, shards } = inputs;
  const scale = scaleTo(SESSIONS, inputs);
  const { turns } = scale;
  const each = (perSecond: number) => perSecond / turns;
  const megabytes = (bytes: number) => short(bytes / MILLION);
  const ends = (places: readonly HotPlace[]) =>
    atMost(places.map((place) => (GUIDANCE.growingIndex * turns) / ofEachShard(place, shards)));
  const appends = [operations['addMessage, question'], operations['addMessage, answer']];
  return [
    [
      '**kb-sessions, addMessage twice**',
      dollars({ reads: turn.reads, writes: turn.writes, deletes: 0 }),
      megabytes((turn.bytesUp + turn.bytesDown) * turns),
      short(appends.reduce((sum, { indexEntries }) => sum + indexEntries, 0)),
      ends(
        hotIndexes(
          appends.map((append) => [turns, append]),
          shards,
        ),
      ),
    ],
    [
      '**the same with counting, sessions, expiry, deletion**',
      dollars({ reads: each(scale.reads), writes: each(scale.writes), deletes: each(scale.deletes) }),
      megabytes(scale.bytesToFirestore + scale.bytesFromFirestore),
      short(each(scale.indexEntries)),
      ends(scale.hotIndexes),
    ],
  ];
}

function atMost(turns: readonly number[]): string {
  return turns.length === 0 ? 'any' : short(Math.min(...turns));
}

function dollars({ reads, writes, deletes }: Operations): string {
  const each = reads * PRICES.readsPer100k + writes * PRICES.writesPer100k + deletes * PRICES.deletesPer100k;
  return ((each * MILLION) / 100_000).toFixed(2);
}
