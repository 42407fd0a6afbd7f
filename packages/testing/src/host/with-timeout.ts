/** The result of a promise, or `undefined` when it takes longer. */
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
