/** The error of a call as the client reports it: its message, code and details. Null where the call succeeds. */
export const failureOf = async (call: Promise<unknown>): Promise<object | null> => {
  try {
    await call;
    return null;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return { ...error, message: error.message, cause: undefined };
  }
};

/** A field of the error of a call, or undefined. */
export const failedWith = async (field: 'code' | 'reason', call: Promise<unknown>): Promise<unknown> => {
  const failure: { code?: unknown; reason?: unknown } | null = await failureOf(call);
  return failure?.[field];
};
