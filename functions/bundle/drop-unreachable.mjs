/**
 * Modules that packages load and no call reaches. They are a quarter of the bundle, and every start would read them.
 */
const UNREACHABLE = [
  // node-fetch uses the URL of Node if there is one.
  /\/whatwg-url\/lib\/public-api\.js$/,
  // fetch-blob uses the streams of Node if there are any.
  /\/web-streams-polyfill\/dist\/ponyfill\.es2018\.js$/,
  // gax re-exports them. Of the Firestore clients only the one for administrators uses them.
  /\/google-gax\/build\/protos\/(iam_service|locations|operations)\.js$/,
];

/** Bundles an empty module in place of each. The build fails when a module is missing. */
export const dropUnreachable = {
  name: 'drop-unreachable',
  setup(build) {
    const found = new Set();
    for (const filter of UNREACHABLE) {
      build.onLoad({ filter }, () => {
        found.add(filter);
        return { contents: 'module.exports = {};' };
      });
    }
    build.onEnd(() => ({
      errors: UNREACHABLE.filter((filter) => !found.has(filter)).map((filter) => ({
        text: `the bundle no longer contains ${filter}: check whether a call reaches its replacement`,
      })),
    }));
  },
};
