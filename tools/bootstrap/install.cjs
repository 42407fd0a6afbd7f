const { existsSync, readFileSync } = require('node:fs');
const { join } = require('node:path');
const { hold } = require('./hold.cjs');

const EVERY_MS = 10_000;

/**
 * Installs what the lock file of a folder asks for and is not there, and reports on stderr that it does.
 *
 * @param {object} options
 * @param {string} options.folder
 * @param {string} options.what what is installed, in the plural
 * @param {number} options.megabytes the size of a first download
 * @param {NodeJS.ProcessEnv} options.env
 * @param {(...args: any[]) => any} options.start spawns npm
 * @returns {Promise<string | null>} a sentence that says why it failed
 */
async function install({ folder, what, megabytes, env, start }) {
  if (isInstalled(folder)) return null;
  const release = await whenFree(folder);
  try {
    // Another command may have installed it meanwhile.
    if (isInstalled(folder)) return null;
    const count = packagesFor(process, readPackages(join(folder, 'package-lock.json'))).toLocaleString(
      'en-US',
    );
    console.error(
      existsSync(join(folder, 'node_modules'))
        ? `Installing ${count} ${what} again, because they are not those of the lock file.`
        : `Installing ${count} ${what}, about ${megabytes} MB (the first time only).`,
    );
    return await reporting('Still installing', runNpm(folder, env, start));
  } finally {
    release();
  }
}

async function whenFree(folder) {
  const waiting = async () => {
    for (;;) {
      const release = await hold(folder, 'install');
      if (release) return release;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  };
  const release = await hold(folder, 'install');
  if (release) return release;
  console.error('Another command is installing the packages: waiting for it.');
  return reporting('Still waiting', waiting());
}

function runNpm(folder, env, start) {
  const npm = start('npm', ['ci', '--no-audit', '--no-fund'], {
    cwd: folder,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [npm.stdout, npm.stderr]) stream.on('data', (data) => (output += data));
  return new Promise((resolve) => {
    npm.once('error', (error) => resolve(`npm could not be run: ${error.message}.`));
    npm.once('close', (code, signal) => {
      if (code === 0) resolve(null);
      else if (signal) resolve(`npm was ended by ${signal}.`);
      else resolve(`${output}\nnpm ci failed in ${folder}; its output is above.`);
    });
  });
}

/** Says every 10 s that something goes on. */
async function reporting(what, promise) {
  const began = Date.now();
  const timer = setInterval(() => {
    console.error(`${what} (${Math.round((Date.now() - began) / 1000)} s).`);
  }, EVERY_MS);
  try {
    return await promise;
  } finally {
    clearInterval(timer);
  }
}

// npm lists in node_modules/.package-lock.json what it has installed, without the optional packages of other systems.
function isInstalled(folder) {
  const list = join(folder, 'node_modules/.package-lock.json');
  if (!existsSync(list)) return false;
  const wanted = readPackages(join(folder, 'package-lock.json'));
  const installed = readPackages(list);
  return Object.entries(wanted).every(([path, entry]) => {
    if (!path.includes('node_modules/')) return true;
    const found = installed[path];
    if (found === undefined) return entry.optional === true || entry.devOptional === true;
    return found.version === entry.version && found.integrity === entry.integrity;
  });
}

function readPackages(lock) {
  return JSON.parse(readFileSync(lock, 'utf8')).packages;
}

/** The number of packages that npm downloads for a system. */
function packagesFor({ platform, arch }, packages) {
  const fits = (list, name) =>
    list === undefined ||
    (list.some((entry) => !entry.startsWith('!')) ? list.includes(name) : !list.includes(`!${name}`));
  return Object.entries(packages).filter(
    ([path, { link, os, cpu }]) =>
      path.includes('node_modules/') && !link && fits(os, platform) && fits(cpu, arch),
  ).length;
}

module.exports = { install, packagesFor };
