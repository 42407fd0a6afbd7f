export type User = 'alice' | 'bob';

/** The same for two users, one after the other: what meets at one place then, that of all users does. */
export async function forTwoUsers<Result>(work: (user: User) => Promise<Result>): Promise<[Result, Result]> {
  return [await work('alice'), await work('bob')];
}
