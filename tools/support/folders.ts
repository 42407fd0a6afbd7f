import { dirname, join, resolve } from 'node:path';

/** The folder of this project. */
export const projectRoot = resolve(import.meta.dirname, '../..');

/** The commands that the project's own packages bring, `node` 24 among them. */
export const commandsFolder = join(projectRoot, 'node_modules/.bin');

/** The firebase-tools program, to be run by Node. */
export const firebaseTools = join(projectRoot, 'node_modules/firebase-tools/lib/bin/firebase.js');

/** What firebase-tools knows of the emulators it can fetch. */
export const firebaseEmulatorInfo = join(dirname(firebaseTools), '../emulator/downloadableEmulatorInfo.json');
