// What `npm start`, `npm test`, `npm run bench`, `npm run demo`, `npm run demo:outage` and `npm run ok` call. It runs before anything is
// installed and under whatever Node there is, so it uses nothing but Node, and only syntax and modules that old ones have, until it knows
// better. It speaks on stderr alone: stdout is the command's, and may be JSON.
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
const { existsSync, readFileSync } = require('node:fs');
const { constants } = require('node:os');
const { delimiter, join, resolve } = require('node:path');

const root = resolve(__dirname, '..');
const commands = join(root, 'node_modules/.bin');
const env = { ...process.env, PATH: commands + delimiter + process.env.PATH };

const scripts = { demo: 'examples/conversation/main.ts', 'demo-outage': 'examples/outage/main.ts' };

// Outside the workspaces, for this command alone: what is compared with is large.
const packagesOf = {
  bench: [
    ['bench', 'what is compared with (0.5 GB, minutes)'],
    ['bench/peers/langgraph', "LangGraph's packages"],
  ],
};

main(process.argv[2], process.argv.slice(3));

function main(command, args) {
  const names = ['start', 'test', 'bench', 'demo', 'demo-outage', 'simulate', 'check'];
  if (!names.includes(command))
    fail(`Usage: node tools/bootstrap.cjs <${names.join('|')}>, found ${command}.`);
  installWhatIsMissing(root, 'the packages (a minute or two)');
  // From here on npm itself runs under the Node 24 that has just been installed, as the functions ask for.
  requireNode24();
  for (const [folder, what] of packagesOf[command] || []) installWhatIsMissing(join(root, folder), what);
  run(join(root, scripts[command] || `tools/${command}.ts`), args);
}

function installWhatIsMissing(folder, what) {
  if (isInstalled(folder)) return;
  console.error(`Installing ${what}.`);
  const npm = spawnSync('npm', ['ci', '--no-audit', '--no-fund'], {
    cwd: folder,
    env,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  if (npm.error) fail(`npm could not be run: ${npm.error.message}.`);
  if (npm.signal) fail(`npm was ended by ${npm.signal}.`);
  if (npm.status !== 0)
    fail(`${npm.stdout}${npm.stderr}\nnpm ci failed in ${folder}; what it said is above.`);
}

// npm notes in node_modules/.package-lock.json what it really installed. Optional packages of other systems are not in it.
function isInstalled(folder) {
  const note = join(folder, 'node_modules/.package-lock.json');
  if (!existsSync(note)) return false;
  const wanted = readPackages(join(folder, 'package-lock.json'));
  const installed = readPackages(note);
  return Object.entries(wanted).every(([path, entry]) => {
    if (!path.includes('node_modules/')) return true;
    const there = installed[path];
    if (there === undefined) return entry.optional === true || entry.devOptional === true;
    return there.version === entry.version && there.integrity === entry.integrity;
  });
}

function readPackages(lock) {
  return JSON.parse(readFileSync(lock, 'utf8')).packages;
}

function requireNode24() {
  const node = spawnSync(join(commands, 'node'), ['--version'], { encoding: 'utf8' });
  if (node.error || !node.stdout.startsWith('v24.')) {
    fail(
      'The npm package "node" did not bring Node 24: remove node_modules and try again, with npm allowed to run scripts.',
    );
  }
  const version = node.stdout.trim();
  if (version !== process.version)
    console.error(`Started under Node ${process.version}, going on under ${version}.`);
}

function run(script, args) {
  const child = spawn(join(commands, 'node'), [script, ...args], { cwd: root, env, stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => {
    process.exitCode = code === null ? 128 + constants.signals[signal] : code;
  });
}

function fail(sentence) {
  console.error(sentence);
  process.exit(1);
}
