const { createHash } = require('node:crypto');
const { rmSync } = require('node:fs');
const { connect, createServer } = require('node:net');
const { tmpdir } = require('node:os');
const { join } = require('node:path');

/**
 * Takes a name of a folder until this process ends, however it ends; false where another process has it.
 * The name is a socket that somebody listens on: unlike a file with a process id, it cannot outlive its process.
 *
 * @param {string} folder
 * @param {string} name
 * @returns {Promise<false | (() => void)>} releases the name
 */
async function hold(folder, name) {
  const id = createHash('sha256').update(folder).digest('hex').slice(0, 12);
  const path = join(tmpdir(), `kb-${id}-${name}.sock`);
  const release = await listen(path);
  if (release !== false || (await isServed(path))) return release;
  // Its process was killed and left the file.
  rmSync(path, { force: true });
  return listen(path);
}

function listen(path) {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy()).unref();
    server.once('error', (error) => (error.code === 'EADDRINUSE' ? resolve(false) : reject(error)));
    server.listen(path, () => resolve(() => server.close()));
  });
}

function isServed(path) {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once('connect', () => resolve(true));
    socket.once('error', () => resolve(false));
    socket.once('close', () => resolve(false));
  });
}

module.exports = { hold };
