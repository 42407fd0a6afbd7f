import type { CallableOptions } from 'firebase-functions/https';
import { params } from '../config.ts';

export const callableOptions: CallableOptions = { enforceAppCheck: params.enforceAppCheck.param };
