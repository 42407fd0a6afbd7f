import { cpus } from 'node:os';
import { DELAY_MS } from '../stage.ts';

/** One sentence on what the numbers were measured with. */
export function conditions(sentence: string): string {
  const model = cpus()[0]?.model ?? 'an unknown processor';
  const day = new Date().toISOString().slice(0, 10);
  return `${day}, Node ${process.versions.node}, ${cpus().length} × ${model}, ${DELAY_MS} ms per RPC; ${sentence}.`;
}
