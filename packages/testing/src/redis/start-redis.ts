import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { withFreePort } from '../host/free-port.ts';
import { withTimeout } from '../host/with-timeout.ts';

const START_DEADLINE_MS = 30_000;
/** Ends redis-server when stdin is closed, also by a crash of the process that started it, and deletes its folder. */
const SUPERVISOR = `
  exec 3<&0 2>&1
  trap '' PIPE
  folder=$(mktemp -d -t redis-XXXXXX)
  redis-server "$@" --dir "$folder" &
  redis=$!
  echo "pid $redis"
  { cat <&3; kill -9 $redis; } >/dev/null 2>&1 &
  wait $redis
  rm -r "$folder"
`;

/** Whether redis-server is installed, as by Debian's package of that name. */
export const isRedisInstalled = (): boolean =>
  spawnSync('redis-server', ['--version'], { stdio: 'ignore' }).status === 0;

/** A running redis-server without persistence, on 127.0.0.1. */
export type RedisServer = {
  url: string;
  port: number;
  /** Suspends the server: it accepts connections and commands, and answers nothing. */
  pause(): void;
  /** Resumes the server: it executes the commands that it received meanwhile. */
  resume(): void;
  /** Kills the server. Its data are lost. */
  stop(): Promise<void>;
};

/**
 * Starts a redis-server and resolves when it accepts connections. It ends with this process at the latest.
 * @param givenPort the port; by default a free one
 * @throws Error with its output if it does not start within 30 s
 */
export const startRedis = (givenPort?: number): Promise<RedisServer> =>
  givenPort === undefined ? withFreePort(startOnPort) : startOnPort(givenPort);

const startOnPort = async (port: number): Promise<RedisServer> => {
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
  const supervisor = spawn('sh', ['-c', SUPERVISOR, 'supervisor', ...args], {
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const ended = once(supervisor, 'close');

  let pid = 0;
  let output = '';
  const started = async () => {
    for await (const line of createInterface(supervisor.stdout)) {
      output += `${line}\n`;
      pid ||= Number(/^pid (\d+)$/.exec(line)?.[1] ?? 0);
      if (line.includes('Ready to accept connections')) return true;
    }
    return false;
  };
  const stop = async () => {
    supervisor.stdin.end();
    await ended;
  };
  if (!(await withTimeout(START_DEADLINE_MS, started()))) {
    await stop();
    throw new Error(`start of redis-server on port ${port} failed:\n${output}`);
  }
  supervisor.stdout.resume();

  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    pause: () => process.kill(pid, 'SIGSTOP'),
    resume: () => process.kill(pid, 'SIGCONT'),
    stop,
  };
};
