/** What packages load and no call reaches: a quarter of the bundle, which every start would read for nothing. */
const UNREACHED = [
  // node-fetch takes Node's own URL where there is one.
  /\/whatwg-url\/lib\/public-api\.js$/,
  // fetch-blob takes Node's own streams where there are any.
  /\/web-streams-polyfill\/dist\/ponyfill\.es2018\.js$/,
  // gax passes them on, and of Firestore's clients the one for administrators alone takes them.
  /\/google-gax\/build\/protos\/(iam_service|locations|operations)\.js$/,
];

/** Bundles an empty module for each of them. The build fails where one is not there any more. */
export const dropUnreachable = {
  name: 'drop-unreachable',
  setup(build) {
    const found = new Set();
    for (const filter of UNREACHED) {
      build.onLoad({ filter }, () => {
        found.add(filter);
        return { contents: 'module.exports = {};' };
      });
    }
    build.onEnd(() => ({
      errors: UNREACHED.filter((filter) => !found.has(filter)).map((filter) => ({
        text: `the bundle was to hold ${filter}, found nothing: look whether what replaced it is reached`,
      })),
    }));
  },
};
