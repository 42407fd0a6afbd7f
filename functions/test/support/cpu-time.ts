import { existsSync, readFileSync } from 'node:fs';
import type { Host } from 'kb-sessions-testing';

/** A tick of /proc on every current architecture. */
const TICK_MS = 10;

/** The CPU time that a host has used, in milliseconds; NaN where there is no /proc. */
export const cpuMsOf = ({ pid }: Pick<Host, 'pid'>): number => {
  const file = `/proc/${pid}/stat`;
  if (!existsSync(file)) return Number.NaN;
  // The name of the program is in parentheses. User and system time are the 14th and the 15th value.
  const values = readFileSync(file, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
  return TICK_MS * (Number(values[11]) + Number(values[12]));
};
