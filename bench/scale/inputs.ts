import type { JobResult } from '../jobs/bench-jobs.ts';
import type { LoadResult } from '../load/bench-load.ts';
import type { TurnCost, TurnResult } from '../turn/turn-result.ts';
import { ASSUMPTIONS, type Assumptions } from './assumptions.ts';
import type { Shards } from './hotspots.ts';
import type { ScaleResults } from './scale-results.ts';

/** What the arithmetic starts from: all but the assumptions is metered or deployed. */
export interface ScaleInputs extends Pick<ScaleResults, 'operations' | 'stored'> {
  /** Ours, by two calls of addMessage. */
  readonly turn: TurnCost;
  /** Milliseconds of an instance's processor that a call takes, by the name of the call. */
  readonly cpuMs: ReadonlyMap<string, number>;
  /** Sessions a second, by a run with as many as were measured. */
  readonly expiredPerSecond: number;
  /** The deployed params. */
  readonly shards: Shards;
  /** Days from a session's first message to the deletion of all of it, by the deployed params. */
  readonly keptDays: number;
  readonly assumptions: Assumptions;
}

const LENGTH = 30;
const DAY_SECONDS = 24 * 60 * 60;
/** TTL deletes within a day (https://firebase.google.com/docs/firestore/ttl). */
const TTL_DAYS = 1;

/** The results of benchmarks, by their names. */
export interface Measured {
  readonly turn: readonly TurnResult[];
  readonly load: readonly LoadResult[];
  readonly jobs: readonly JobResult[];
  readonly scale: ScaleResults;
}

/** @param env functions/.env. @throws Error when what was metered does not fit together */
export function inputsOf(
  { turn, load, jobs, scale }: Measured,
  env: Readonly<Record<string, string | undefined>>,
): ScaleInputs {
  const cost = turn.find(({ kind }) => kind === 'ours')?.sizes[LENGTH];
  if (cost === undefined || typeof cost === 'string') {
    throw new Error(`our turn at ${LENGTH} messages must be measured, found ${cost}`);
  }
  const { operations, stored } = scale;
  const [question, answer] = [operations['addMessage, question'], operations['addMessage, answer']];
  for (const unit of ['reads', 'writes', 'trips'] as const) {
    const sum = question[unit] + answer[unit];
    if (sum === cost[unit]) continue;
    throw new Error(`${unit} of a turn must be ${cost[unit]} as in turn, found ${sum}: measure both again`);
  }
  const expired = jobs.findLast(({ job }) => job === 'expireSessions');
  if (!expired) throw new Error('expireSessions must be measured, found nothing');
  const param = (name: string): number => {
    const value = Number(env[name]);
    if (value > 0) return value;
    throw new Error(`functions/.env must hold ${name}, found ${env[name]}`);
  };
  return {
    turn: cost,
    operations,
    stored,
    cpuMs: new Map(load.flatMap(({ call, cpu }) => (cpu === undefined ? [] : [[call, cpu.oursMs] as const]))),
    expiredPerSecond: (1000 * expired.done) / expired.ms,
    shards: {
      EXPIRY_SHARDS: param('EXPIRY_SHARDS'),
      ANALYTICS_SHARDS: param('ANALYTICS_SHARDS'),
    },
    keptDays: param('RETENTION_DAYS') + param('LIFETIME_SECONDS') / DAY_SECONDS + TTL_DAYS,
    assumptions: ASSUMPTIONS,
  };
}
