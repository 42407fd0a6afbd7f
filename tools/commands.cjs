// The commands that `npm run` knows, with the script, the options and the help of each. bootstrap.cjs reads them before
// anything is installed and under any Node, so this is CommonJS, uses Node alone, and holds data for the scripts.
const { parseArgs } = require('node:util');

const commands = /** @type {const} */ ({
  start: {
    script: 'tools/start.ts',
    summary:
      'Builds the project and serves it on the emulators, at the ports of firebase.json, until Ctrl-C.',
    arguments: '',
    options: {},
  },
  test: {
    script: 'tools/test.ts',
    summary: 'Runs all tests, or those of the named files, with the emulators that they need.',
    arguments: '[test files or folders]',
    options: {
      unit: { type: 'boolean', help: 'only the tests that need no emulator' },
      soak: { type: 'boolean', help: 'long runs: large sizes, many seeds' },
      // mocha gets the others.
      grep: { type: 'string', short: 'g', value: '<pattern>', help: 'only tests whose title matches' },
      fgrep: {
        type: 'string',
        short: 'f',
        value: '<text>',
        help: 'only tests whose title contains the text',
      },
      invert: { type: 'boolean', short: 'i', help: 'only the tests that --grep or --fgrep does not choose' },
      bail: { type: 'boolean', short: 'b', help: 'ends with the first failure' },
      timeout: { type: 'string', short: 't', value: '<ms>', help: 'time for a test; 0 for no limit' },
      retries: { type: 'string', value: '<number>', help: 'times that a failed test is repeated' },
      reporter: { type: 'string', short: 'R', value: '<name>', help: 'reporter of mocha' },
      'dry-run': { type: 'boolean', help: 'lists the tests without running them' },
      'full-trace': { type: 'boolean', help: 'whole stack traces' },
    },
  },
  demo: {
    script: 'examples/conversation/main.ts',
    summary: 'Plays a conversation of clients with the emulators, and checks each step.',
    arguments: '',
    options: {},
  },
  'demo:outage': {
    script: 'examples/outage/main.ts',
    summary:
      'Plays a chat that goes on while Firestore is unavailable, and checks what is stored afterwards.',
    arguments: '',
    options: {},
  },
  simulate: {
    script: 'tools/simulate.ts',
    summary:
      'Plays random runs of the whole system on a model of Firestore, and checks every promise in each.',
    arguments: '',
    options: {
      seeds: { type: 'string', default: '1000', value: '<number>', help: 'number of runs (1000)' },
      seed: { type: 'string', value: '<number>', help: 'the first seed (by default a new one)' },
      replay: {
        type: 'string',
        value: '<seed>:<path>',
        help: 'one run again, as it was reported, step by step',
      },
      erasing: { type: 'boolean', default: false, help: 'erases a user in the middle of each run' },
    },
  },
  check: {
    script: 'tools/check.ts',
    summary: 'Checks everything that needs no test run; the first step that fails ends it.',
    arguments: '[steps]',
    options: {
      list: { type: 'boolean', default: false, help: 'prints the names of the steps' },
    },
  },
  bench: {
    script: 'tools/bench.ts',
    summary: 'Measures, and writes the tables of bench/README.md again.',
    arguments: '[benchmarks]',
    options: {
      json: { type: 'boolean', default: false, help: 'prints the results as JSON instead' },
      quick: { type: 'boolean', default: false, help: 'measures little, and prints the tables instead' },
      only: { type: 'string', default: '', value: '<text>', help: 'only peers with this text in their name' },
    },
    // Outside the workspaces, for this command alone: the peers are large.
    packages: [
      { folder: 'bench', what: 'packages for the benchmarks', megabytes: 65 },
      { folder: 'bench/peers/langgraph', what: "packages for LangGraph's benchmark", megabytes: 20 },
    ],
  },
  security: {
    script: 'tools/security.ts',
    summary: 'Removes the protections of SECURITY.md one at a time from a copy; the test of each must fail.',
    arguments: '[items of SECURITY.md]',
    options: {},
  },
});

/**
 * Reads what follows the name of a command: `run` with it, `print` its help, or `refuse` it with a sentence.
 *
 * @param {keyof typeof commands} name
 * @param {string[]} args
 * @returns {{ run: true } | { print: string } | { refuse: string }}
 */
function readCommand(name, args) {
  const command = commands[name];
  if (args.includes('--help') || args.includes('-h')) return { print: helpOf(name) };
  try {
    parseArgs({ args, options: command.options, allowPositionals: command.arguments !== '' });
    return { run: true };
  } catch (error) {
    // Node's first sentence names the option; the others are about its own syntax.
    const [sentence] = error.message.split('. ');
    return { refuse: `${sentence}. See \`npm run ${name} -- --help\`.` };
  }
}

function helpOf(name) {
  const command = commands[name];
  const options = Object.entries({ ...command.options, help: { help: 'prints this' } }).map(
    ([option, { short, value, help }]) => [
      `${short ? `-${short}, ` : ''}--${option}${value ? ` ${value}` : ''}`,
      help,
    ],
  );
  const width = Math.max(...options.map(([option]) => option.length));
  return [
    command.summary,
    '',
    `  npm run ${name} -- [options]${command.arguments && ` ${command.arguments}`}`,
    '',
    ...options.map(([option, help]) => `  ${option.padEnd(width)}  ${help}`),
  ].join('\n');
}

module.exports = { commands, readCommand };
