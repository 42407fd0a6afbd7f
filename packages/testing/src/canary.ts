/** A word in the e-mail addresses, names and contents of tests. Tests search the output of instances for it. */
export const CANARY = 'canary-5e3f';
