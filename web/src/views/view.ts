import type { State } from '../state.ts';

/** A part of the page: made once, then changed in place, so that focus and half-written text stay. */
export type View = { element: HTMLElement; update(state: State): void };
