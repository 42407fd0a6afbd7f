import type { CallableOptions } from 'firebase-functions/https';
import type { CallName } from 'kb-sessions-contract';
import { params } from '../config/params.ts';
import { handlers } from './handlers.ts';

/** Fixed when the code is loaded, as the framework has it. While a deployment loads it there are none. */
const origins = params.corsOrigins.read();

const sharedOptions: CallableOptions = {
  enforceAppCheck: params.enforceAppCheck.param,
  cors: origins.includes('*') ? '*' : origins,
};

/** Of the function `sessions`, which has many calls, or of the one that has this call alone. */
export const callableOptions = (name: CallName | 'sessions'): CallableOptions =>
  name !== 'sessions' && handlers[name].deployment === 'single'
    ? { ...sharedOptions, consumeAppCheckToken: params.enforceAppCheck.param }
    : sharedOptions;
