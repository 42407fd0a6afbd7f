import type { CallableOptions } from 'firebase-functions/https';
import type { CallName } from 'kb-sessions-contract';
import { params } from '../config/params.ts';
import { handlers } from './handlers.ts';

/** The framework reads the origins when the code is loaded. They are empty while a deployment loads the code. */
const origins = params.corsOrigins.read();

const sharedOptions: CallableOptions = {
  enforceAppCheck: params.enforceAppCheck.param,
  cors: origins.includes('*') ? '*' : origins,
};

/** The options of the function `sessions`, or of the function that serves one call. */
export const callableOptions = (name: CallName | 'sessions'): CallableOptions =>
  name !== 'sessions' && handlers[name].deployment === 'single'
    ? { ...sharedOptions, consumeAppCheckToken: params.enforceAppCheck.param }
    : sharedOptions;
