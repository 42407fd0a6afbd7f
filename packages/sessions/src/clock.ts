import type { IsoTime } from 'kb-sessions-contract/records';

/** Milliseconds since 1970. Time is an argument everywhere: tests pass their own. */
export type Clock = () => number;

export const toIsoTime = (millis: number): IsoTime => new Date(millis).toISOString();
export const toMillis = (time: IsoTime): number => Date.parse(time);
/** The UTC day, `yyyy-mm-dd`, that the analytics file a time under. */
export const utcDay = (time: IsoTime): string => time.slice(0, 10);
