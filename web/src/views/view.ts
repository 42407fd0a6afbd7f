import type { State } from '../state.ts';

/** A part of the page. It is created once and updated in place, so that focus and unsent text stay. */
export type View = { element: HTMLElement; update(state: State): void };
