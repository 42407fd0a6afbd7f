import type { CallableOptions } from 'firebase-functions/https';
import type { CallName } from '../contract.ts';
import { params } from '../params.ts';
import { calls } from './calls.ts';

/** Fixed when the code is loaded, as the framework has it. While a deployment loads it there are none. */
const origins = params.corsOrigins.read();

const callableOptions: CallableOptions = {
  enforceAppCheck: params.enforceAppCheck.param,
  cors: origins.includes('*') ? '*' : origins,
};

/** Of the function `sessions`, which has many calls, or of the one that has this call alone. */
export const optionsOf = (name: CallName | 'sessions'): CallableOptions =>
  name !== 'sessions' && calls[name].deployed === 'single'
    ? { ...callableOptions, consumeAppCheckToken: params.enforceAppCheck.param }
    : callableOptions;
