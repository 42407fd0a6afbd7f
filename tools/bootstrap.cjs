// `npm start`, `npm test` and the other commands of commands.cjs run through this file. It runs before anything is
// installed and under any Node, so it uses Node alone, and only syntax that old ones have, until it knows better. It
// prints on stderr alone: stdout is the command's, and may be JSON.
const oldest = 20;
const found = process.versions.node;
if (Number(found.split('.')[0]) < oldest) {
  console.error(
    'Node.js ' +
      oldest +
      ' or newer is needed, this is ' +
      found +
      ': install one from https://nodejs.org and try again.',
  );
  process.exit(1);
}

const { spawn, spawnSync } = require('node:child_process');
const { readFileSync } = require('node:fs');
const { constants } = require('node:os');
const { delimiter, join, resolve } = require('node:path');
const { hold } = require('./bootstrap/hold.cjs');
const { install } = require('./bootstrap/install.cjs');
const { commands, readCommand } = require('./commands.cjs');
const { describeTakenPort } = require('./emulators/configured-ports.cjs');

// Measured with an empty npm cache on Linux: 218 MB of packages, and what npm asks about them.
const MEGABYTES = 240;

const root = resolve(__dirname, '..');
const binaries = join(root, 'node_modules/.bin');
const env = { ...process.env, PATH: binaries + delimiter + process.env.PATH };

// npm and the command get the signals that end this process, and it ends after them.
let child;
let stopCode = 0;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => {
    stopCode = 128 + constants.signals[signal];
    if (child) child.kill(signal);
    else process.exit(stopCode);
  });
}

main(process.argv[2], process.argv.slice(3)).then(
  (code) => {
    process.exitCode = code;
  },
  (error) => {
    console.error(error);
    process.exitCode = 1;
  },
);

async function main(name, args) {
  if (!Object.hasOwn(commands, name)) {
    console.error(`Usage: node tools/bootstrap.cjs <${Object.keys(commands).join('|')}>, found ${name}.`);
    return 2;
  }
  const order = readCommand(name, args);
  if (order.print) {
    console.log(order.print);
    return 0;
  }
  if (order.refuse) {
    console.error(order.refuse);
    return 2;
  }
  const problem = (name === 'start' && (await whyNotStart())) || (await installAll(commands[name]));
  if (stopCode > 0) return stopCode;
  if (problem) {
    console.error(problem);
    return 1;
  }
  return run(join(root, commands[name].script), args);
}

// Before anything is installed or built: the first `npm start` uses what both would change.
async function whyNotStart() {
  const taken = await describeTakenPort(JSON.parse(readFileSync(join(root, 'firebase.json'), 'utf8')));
  if (taken) return taken;
  if (await hold(root, 'start')) return null;
  return 'Another `npm start` of this folder is about to serve: stop it (Ctrl-C) before you start another.';
}

async function installAll({ packages = [] }) {
  const start = (...given) => {
    child = spawn(...given);
    child.once('exit', () => {
      child = undefined;
    });
    return child;
  };
  const own = await install({ folder: root, what: 'packages', megabytes: MEGABYTES, env, start });
  // From here on npm itself runs under the Node 24 that has just been installed, as the functions ask for.
  const problem = own || requireNode24();
  if (problem) return problem;
  for (const { folder, what, megabytes } of packages) {
    const failed = await install({ folder: join(root, folder), what, megabytes, env, start });
    if (failed) return failed;
  }
  return null;
}

function requireNode24() {
  const node = spawnSync(join(binaries, 'node'), ['--version'], { encoding: 'utf8' });
  if (node.error || !node.stdout.startsWith('v24.')) {
    return 'The npm package "node" did not bring Node 24: remove node_modules and try again, with npm allowed to run scripts.';
  }
  const version = node.stdout.trim();
  if (version !== process.version)
    console.error(`Started under Node ${process.version}, going on under ${version}.`);
  return null;
}

function run(script, args) {
  child = spawn(join(binaries, 'node'), [script, ...args], { cwd: root, env, stdio: 'inherit' });
  return new Promise((resolve) => {
    child.once('exit', (code, signal) => {
      resolve(code === null ? 128 + constants.signals[signal] : code);
    });
  });
}
