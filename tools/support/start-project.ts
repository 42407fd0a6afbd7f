import { findEmulator } from '../emulators/find-emulator.ts';
import { type Suite, type SuiteOptions, startSuite } from '../emulators/suite.ts';
import { build } from './build.ts';
import { withProgress } from './with-progress.ts';

/** How to start the project. */
export type ProjectOptions = Omit<SuiteOptions, 'log' | 'cancelled'> & {
  /** Receives each line that firebase-tools prints. @default nothing */
  log?: SuiteOptions['log'];
  /** Resolves when the user interrupts the start. */
  interrupted: Promise<unknown>;
};

/**
 * Builds the project and starts it on the emulators. Reports on stderr, at least every 10 s, what it does.
 * @throws UserError where no emulator is installed, before anything is built, or where the build or the start fails
 * @throws InterruptedError when the user interrupts it
 */
export const startProject = async ({
  log = () => {},
  interrupted,
  ...options
}: ProjectOptions): Promise<Suite> => {
  const { plan } = await findEmulator(process.env);
  await build(interrupted);
  const isDownloading = plan.kind === 'firebase-tools' && plan.downloads;
  const download = isDownloading
    ? ' firebase-tools downloads that of Firestore, 130 MB (the first time only).'
    : '';
  console.error(`Starting the emulators.${download}`);
  const start = startSuite({ ...options, log, cancelled: interrupted });
  const suite = await withProgress('Starting the emulators', start);
  console.error(`The emulators were ready after ${(suite.readyMs / 1000).toFixed(1)} s.`);
  return suite;
};
