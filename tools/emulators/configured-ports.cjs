// The ports that firebase.json sets, and the sentence about one that is taken. `npm start` asks before it installs or
// builds anything, under any Node; hence CommonJS, and Node alone.
const { createServer } = require('node:net');

/** The only address that the suite listens on. */
const suiteHost = '127.0.0.1';

/** Every port that the suite listens on, and its service. */
const services = /** @type {const} */ ({
  auth: 'the Auth emulator',
  functions: 'the Functions emulator',
  firestore: 'the Firestore emulator',
  // The second port of the Firestore emulator.
  websocket: 'the websocket of the Firestore emulator',
  hosting: 'the web page',
  hub: "the emulators' hub",
  logging: "the emulators' log",
  eventarc: 'the Eventarc emulator',
  tasks: 'the Tasks emulator',
});

/** @typedef {keyof typeof services} PortName */

const portNames = /** @type {PortName[]} */ (Object.keys(services));

/**
 * Where firebase.json sets a port.
 *
 * @param {PortName} name
 */
const portSetting = (name) =>
  name === 'websocket' ? 'emulators.firestore.websocketPort' : `emulators.${name}.port`;

/**
 * The port that a parsed firebase.json sets. Throws where it sets none.
 *
 * @param {unknown} config
 * @param {PortName} name
 * @returns {number}
 */
const configuredPort = (config, name) => {
  const port = portSetting(name)
    .split('.')
    .reduce((value, key) => (typeof value === 'object' && value !== null ? value[key] : undefined), config);
  if (typeof port !== 'number') throw new Error(`firebase.json must set ${portSetting(name)} to a number`);
  return port;
};

/**
 * Whether no process of this machine listens on the port.
 *
 * @param {number} port
 * @returns {Promise<boolean>}
 */
const isPortFree = (port) =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error) => {
      if (error.code === 'EADDRINUSE' || error.code === 'EACCES') resolve(false);
      else reject(error);
    });
    server.listen({ host: suiteHost, port, exclusive: true }, () => server.close(() => resolve(true)));
  });

/**
 * The first of the configured ports that is taken, as one sentence that says what to do; null where all are free.
 *
 * @param {unknown} config
 * @returns {Promise<string | null>}
 */
const describeTakenPort = async (config) => {
  for (const name of portNames) {
    const port = configuredPort(config, name);
    if (await isPortFree(port)) continue;
    return (
      `Port ${port}, which ${services[name]} needs, is taken: stop the program that uses it (another \`npm start\`?), ` +
      `or set another ${portSetting(name)} in firebase.json.`
    );
  }
  return null;
};

module.exports = { configuredPort, describeTakenPort, isPortFree, portNames, suiteHost };
