import { spawn } from 'node:child_process';
import { globSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import * as z from 'zod';
import { commandsFolder, projectRoot } from './support/folders.ts';
import { UserError } from './support/user-error.ts';

const FOLDERS = [
  'packages/*/src',
  'functions/src',
  'web/src',
  'examples/*',
  'bench/*.ts',
  'bench/*/',
  'tools/*.ts',
  'tools/*/',
];
const LEFT_OUT = /\/(test|node_modules|results)\/?$/;

/**
 * The fewest modules that a whole run sees. A parser that does not fit leaves out sources without an error, and then
 * nothing would be checked.
 */
const MIN_MODULES = 350;

const output = z.looseObject({
  summary: z.looseObject({
    totalCruised: z.int(),
    violations: z.array(
      z.looseObject({
        from: z.string(),
        to: z.string(),
        comment: z.string().optional(),
        rule: z.looseObject({ name: z.string() }),
      }),
    ),
    ruleSetUsed: z.looseObject({
      forbidden: z.array(z.looseObject({ name: z.string(), comment: z.string() })),
    }),
  }),
});

/** Holds the imports to the rules of .dependency-cruiser.cjs. @throws UserError with a sentence for each wrong import */
export const checkImports = async (): Promise<void> => {
  const folders = globSync(FOLDERS, { cwd: projectRoot }).filter((folder) => !LEFT_OUT.test(folder));
  const args = ['--config', '.dependency-cruiser.cjs', '--output-type', 'json', ...folders];
  const child = spawn(join(commandsFolder, 'depcruise'), args, {
    cwd: projectRoot,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  const parsed = output.safeParse(parseJson(stdout));
  if (!parsed.success) throw new UserError(`${stdout.slice(0, 2000)}${stderr}\ndependency-cruiser failed.`);
  const { totalCruised, violations, ruleSetUsed } = parsed.data.summary;
  if (totalCruised < MIN_MODULES)
    throw new UserError(`dependency-cruiser must see at least ${MIN_MODULES} modules, found ${totalCruised}`);
  if (violations.length === 0) return;
  const why = new Map(ruleSetUsed.forbidden.map(({ name, comment }) => [name, comment]));
  const sentences = violations.map(
    ({ from, to, rule }) => `${from} imports ${to}, but ${why.get(rule.name) ?? rule.name}`,
  );
  throw new UserError(sentences.join('\n'));
};

const parseJson = (json: string): unknown => {
  try {
    return JSON.parse(json);
  } catch {
    return null;
  }
};
