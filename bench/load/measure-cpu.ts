import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { callHost, type Host } from 'kb-sessions-testing';
import { temporaryFolder } from '../temporary-folder.ts';

/** What is called to learn it; no call of ours has this name. */
const CPU = 'cpu';

/**
 * A package's folder; its function is that of a module and beside it tells {@link cpuMs}. The process is asked,
 * and not the system about it, because every system tells a process to the microsecond what it has used.
 */
export function measureCpu(module: string): string {
  const source = temporaryFolder();
  writeFileSync(join(source, '.env'), '');
  writeFileSync(join(source, 'package.json'), '{ "main": "index.js" }');
  writeFileSync(
    join(source, 'index.js'),
    `const { sessions } = require(${JSON.stringify(module)});
exports.sessions = (request, response) =>
  request.path.endsWith('/${CPU}') ? response.json(process.cpuUsage()) : sessions(request, response);
`,
  );
  return source;
}

/** Milliseconds of CPU that a host has used so far, in all its threads. */
export async function cpuMs(host: Host): Promise<number> {
  const { text } = await callHost(host, CPU, null);
  const { user, system }: NodeJS.CpuUsage = JSON.parse(text);
  return (user + system) / 1000;
}
