import { cpus } from 'node:os';
import { DELAY_MS } from '../stage.ts';

/** What numbers were measured with. */
export interface Conditions {
  /** `yyyy-mm-dd` */
  readonly date: string;
  readonly node: string;
  readonly cpus: number;
  readonly model: string;
  readonly delayMs: number;
  /** How often, how long. */
  readonly how: string;
}

/** Those of here and now. */
export function conditionsNow(how: string): Conditions {
  return {
    date: new Date().toISOString().slice(0, 10),
    node: process.versions.node,
    cpus: cpus().length,
    model: cpus()[0]?.model ?? 'an unknown processor',
    delayMs: DELAY_MS,
    how,
  };
}

export function sentenceOf({ date, node, cpus, model, delayMs, how }: Conditions): string {
  return `${date}, Node ${node}, ${cpus} × ${model}, ${delayMs} ms per RPC; ${how}.`;
}
