/** The gRPC codes of the model's own errors. */
export const STATUS = {
  notFound: 5,
  deadlineExceeded: 4,
  alreadyExists: 6,
  failedPrecondition: 9,
  unimplemented: 12,
} as const;

/** The error of an RPC, with a numeric `code`, like the errors of the client library. */
export class RpcError extends Error {
  override readonly name = 'RpcError';
  readonly code: number;

  constructor(code: number, message: string) {
    super(`${code} ${message}`);
    this.code = code;
  }
}

/** @throws RpcError if a request has a field that is not in `known`: ignoring it would give a wrong result */
export const rejectUnknownFields = (request: object, known: string[]): void => {
  for (const [field, value] of Object.entries(request)) {
    if (value !== undefined && value !== null && !known.includes(field))
      throw unsupportedError(`${field} in a request`);
  }
};

/** Makes the error of a feature that Firestore has and the model has not. */
export const unsupportedError = (feature: string): RpcError =>
  new RpcError(STATUS.unimplemented, `the model of Firestore has no ${feature}`);
