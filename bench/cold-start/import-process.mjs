import { pathToFileURL } from 'node:url';

// Loads a module and prints what that took. Plain JavaScript: Node's type stripper would be in the memory that is measured.

const [, , module] = process.argv;
if (module === undefined) throw new Error('a module to load is needed, found nothing');
const began = performance.now();
await import(pathToFileURL(module).href);
const ms = performance.now() - began;
console.log(JSON.stringify({ ms, rss: process.memoryUsage.rss() }));
// What it has opened would keep the process alive.
process.exit();
