import { pathToFileURL } from 'node:url';

// Loads a module and prints the time and the memory. Plain JavaScript, because Node's type stripper would add to the
// memory.

const [, , module] = process.argv;
if (module === undefined) throw new Error('a module is required, found none');
const startedAt = performance.now();
await import(pathToFileURL(module).href);
const ms = performance.now() - startedAt;
console.log(JSON.stringify({ ms, rss: process.memoryUsage.rss() }));
// Open handles of the module would keep the process alive.
process.exit();
