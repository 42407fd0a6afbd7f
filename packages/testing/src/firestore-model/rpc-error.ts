/** The gRPC codes a model answers with of itself. */
export const STATUS = {
  notFound: 5,
  deadlineExceeded: 4,
  alreadyExists: 6,
  failedPrecondition: 9,
  unimplemented: 12,
} as const;

/** What an RPC fails with: an error with a numeric `code`, as the client library's. */
export class RpcError extends Error {
  override readonly name = 'RpcError';
  readonly code: number;

  constructor(code: number, message: string) {
    super(`${code} ${message}`);
    this.code = code;
  }
}

/** @throws RpcError when part of a request is none of `known`: to overlook it would be to answer another question. */
export const rejectUnknownFields = (request: object, known: string[]): void => {
  for (const [part, value] of Object.entries(request)) {
    if (value !== undefined && value !== null && !known.includes(part))
      throw unsupportedError(`${part} in a request`);
  }
};

/** What Firestore can and the model cannot: a test that needs it must learn so. */
export const unsupportedError = (what: string): RpcError =>
  new RpcError(STATUS.unimplemented, `the model of Firestore has no ${what}`);
