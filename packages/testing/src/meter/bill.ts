import type { status } from '@grpc/grpc-js';
import { type Charge, NO_CHARGE } from './charge.ts';

/** Computes the charge of one RPC, message by message. Each step returns what it adds to the charge. */
export type Bill = {
  request(message: Uint8Array): Charge;
  response(message: Uint8Array): Charge;
  end(code: status): Charge;
};

/** A bill without charges. Other bills override the steps that cost. */
export const FREE_BILL: Bill = { request: () => NO_CHARGE, response: () => NO_CHARGE, end: () => NO_CHARGE };
