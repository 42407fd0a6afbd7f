import { parseArgs } from 'node:util';

/**
 * Reads the options of a script that has none but `--help`, which prints `help` and ends the script. Anything else is
 * named, and ends it with exit code 2.
 */
export const readOptions = (help: string, args: readonly string[] = process.argv.slice(2)): void => {
  try {
    const { values } = parseArgs({ args: [...args], options: { help: { type: 'boolean' } }, strict: true });
    if (!values.help) return;
    console.log(help);
    process.exit(0);
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    console.error(help);
    process.exit(2);
  }
};
