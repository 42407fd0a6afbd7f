import { dirname, join, resolve } from 'node:path';

/** The folder of this project. */
export const projectRoot = resolve(import.meta.dirname, '../..');

/** The commands that the project's own packages bring, `node` 24 among them. */
export const commandsFolder = join(projectRoot, 'node_modules/.bin');

/**
 * TypeScript 7's compiler, to be run by Node. Not the command `tsc`: older versions, which the generators and the install
 * test use, bring a command of that name too.
 */
export const typescript = join(projectRoot, 'node_modules/typescript/bin/tsc');

/** The firebase-tools program, to be run by Node. */
export const firebaseTools = join(projectRoot, 'node_modules/firebase-tools/lib/bin/firebase.js');

/** What firebase-tools knows of the emulators it can fetch. */
export const firebaseEmulatorInfo = join(dirname(firebaseTools), '../emulator/downloadableEmulatorInfo.json');
