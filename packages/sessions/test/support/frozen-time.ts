/** A time, in milliseconds, that stands still until it is advanced. */
export const frozenTime = () => {
  let time = Date.parse('2026-03-01T12:00:00.000Z');
  return {
    now: () => time,
    advance: (ms: number) => {
      time += ms;
    },
  };
};
