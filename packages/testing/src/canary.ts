/** A word in e-mail addresses, names and contents of tests. Whatever an instance writes is searched for it. */
export const CANARY = 'canary-5e3f';
