import { spawnSync } from 'node:child_process';
import { cpus } from 'node:os';

/** What numbers were measured with. */
export interface Conditions {
  /** `yyyy-mm-dd` */
  readonly date: string;
  /** Of the sources, as `git describe --always --dirty` has it; empty where git does not know them. */
  readonly commit: string;
  readonly node: string;
  readonly cpus: number;
  readonly model: string;
  /** What each RPC waited in the proxy. */
  readonly delayMs: number;
  /** How often, how long. */
  readonly how: string;
}

/** What is now in the checkout. */
export function commitNow(): string {
  const options = { cwd: import.meta.dirname, encoding: 'utf8' } as const;
  return spawnSync('git', ['describe', '--always', '--dirty'], options).stdout?.trim() ?? '';
}

/** Those of here and now, and those that only who measures knows. */
export function conditionsNow(known: Pick<Conditions, 'commit' | 'delayMs' | 'how'>): Conditions {
  return {
    date: new Date().toISOString().slice(0, 10),
    node: process.versions.node,
    cpus: cpus().length,
    model: cpus()[0]?.model ?? 'an unknown processor',
    ...known,
  };
}

export function sentenceOf({ date, commit, node, cpus, model, delayMs, how }: Conditions): string {
  const sources = commit ? `, commit ${commit}` : '';
  return `${date}${sources}, Node ${node}, ${cpus} × ${model}, ${delayMs} ms of delay per RPC; ${how}.`;
}
