/**
 * How much a test does: its size in `npm test` or in `npm run test:soak`, which sets KB_SOAK. All sizes that the two
 * runs do not share are read here.
 */
export const testSize = ({ test, soak }: { test: number; soak: number }): number =>
  process.env.KB_SOAK === '1' ? soak : test;
