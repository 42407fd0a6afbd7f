'use strict';

const { writeFileSync } = require('node:fs');
const { cacheFile, run } = require('../lib/load.cjs');

// Once it has run it knows which functions a start needs, and the cache has these.
const script = run({ exports: {} });
writeFileSync(cacheFile, script.createCachedData());
// What it has opened would keep the process alive.
process.exit();
