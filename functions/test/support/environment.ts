/** What the runner sets. */
export const environment = (name: string): string => {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set: run this through npm test`);
  return value;
};
