import type { IsoTime } from 'kb-sessions-contract/records';

/** The current time in milliseconds since 1970. Every function takes the time as an argument, so tests pass their own. */
export type Clock = () => number;

/** A time in milliseconds as an ISO 8601 string. */
export const toIsoTime = (millis: number): IsoTime => new Date(millis).toISOString();
/** An ISO 8601 string as a time in milliseconds. */
export const toMillis = (time: IsoTime): number => Date.parse(time);
/** The UTC day of a time, `yyyy-mm-dd`: the key of the counters of a day. */
export const utcDay = (time: IsoTime): string => time.slice(0, 10);
