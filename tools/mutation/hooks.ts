import { createRequire, registerHooks } from 'node:module';

// Stryker's mocha runner requires files of mocha without their extension, and in mocha 12 they end in .cjs.
const { extensions } = createRequire(import.meta.url);
extensions['.cjs'] = extensions['.js'];

// No emulator is fast enough for thousands of runs: its tests run on the model of Firestore here, from the same copy
// of the project as themselves.
registerHooks({
  resolve: (specifier, context, next) =>
    next(
      specifier.replace(/\/support\/firestore-harness\.ts$/, '/simulation/firestore-on-model.ts'),
      context,
    ),
});
