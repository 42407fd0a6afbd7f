/** Reads until `accepts` returns true for the value, or the time is over, and returns the last value. */
export const eventually = async <Value>(
  read: () => Promise<Value>,
  accepts: (value: Value) => boolean,
  withinMs = 30_000,
): Promise<Value> => {
  const deadline = Date.now() + withinMs;
  while (true) {
    const value = await read();
    if (accepts(value) || Date.now() >= deadline) return value;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
};
