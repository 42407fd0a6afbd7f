export const session_id = 'a24a6ea4-ce75-4665-a070-57453082c256';

/** The id of a message or of a session, by a number. */
export const idOf = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
