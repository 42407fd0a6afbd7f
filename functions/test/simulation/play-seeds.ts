import fc from 'fast-check';
import { anyScenario } from './any-scenario.ts';
import { Coverage } from './coverage.ts';
import { erasingScenario } from './erasing-scenario.ts';
import type { Scenario } from './scenario.ts';
import { simulate } from './simulate.ts';
import { AS_IT_IS, type Variant } from './variant.ts';

/** What broke a promise: the smallest scenario found, and where fast-check finds it again. */
export type Broken = { seed: number; path: string; scenario: Scenario; violations: string[]; run: number };

export type Played = { tally: Coverage; broken: Broken | null };

class Violations extends Error {
  readonly violations: string[];

  constructor(violations: string[]) {
    super(violations.join('\n'));
    this.violations = violations;
  }
}

export type PlayOptions = {
  seed: number;
  runs: number;
  variant?: Variant;
  /** Whether somebody is erased in the midst of each. */
  erasing?: boolean;
  /** The path of the only run to play, instead of the first ones. */
  path?: string | undefined;
  /** Receives a line for each step. */
  write?: (line: string) => void;
  /** The only violations that count, and then the first will do; without it all do, and a smaller scenario is looked for. */
  sought?: RegExp;
};

/** Plays random scenarios until one breaks a promise. */
export const playSeeds = async ({
  seed,
  runs,
  variant = AS_IT_IS,
  erasing = false,
  path: only,
  write,
  sought,
}: PlayOptions): Promise<Played> => {
  const tally = new Coverage();
  const holds = fc.asyncProperty(erasing ? erasingScenario : anyScenario, async (scenario) => {
    write?.(JSON.stringify(scenario));
    const violations = await simulate(scenario, { tally, variant, ...(write && { write }) });
    const found = sought ? violations.filter((violation) => sought.test(violation)) : violations;
    if (found.length > 0) throw new Violations(found);
  });
  const endOnFailure = only !== undefined || sought !== undefined;
  const found = await fc.check(holds, {
    seed,
    endOnFailure,
    ...(only === undefined ? { numRuns: runs } : { path: only, numRuns: 1 }),
  });
  if (!found.failed) return { tally, broken: null };
  const { errorInstance, counterexample, counterexamplePath: path, numRuns: run } = found;
  const [scenario] = counterexample ?? [];
  if (!(errorInstance instanceof Violations) || !scenario || path === null) throw errorInstance;
  return { tally, broken: { seed, path, scenario, violations: errorInstance.violations, run } };
};
