/** Resolves to the result of a promise, or to undefined after the given time. */
export const withTimeout = async <Result>(
  milliseconds: number,
  promise: Promise<Result>,
): Promise<Result | undefined> => {
  const { promise: late, resolve } = Promise.withResolvers<undefined>();
  const timer = setTimeout(resolve, milliseconds, undefined);
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
};
