import { namedSession } from './ids.ts';
import type { Step, TabPlan, TabStep } from './scenario.ts';
import type { SimulatedDeployment } from './simulated-deployment.ts';
import { type Calls, callsOf } from './tab-calls.ts';

/** Plays the steps of a tab one after another. */
export const playTab = async (world: SimulatedDeployment, plan: TabPlan, name: string): Promise<void> => {
  const { device, route } = plan;
  let tab = world.openTab(name, device, route);
  const calls: Calls = callsOf(world, () => tab);
  const started: Promise<unknown>[] = [];

  const pass = async (step: TabStep): Promise<void> => {
    const { now, sleep } = world.time;
    if (step.kind === 'reopen') {
      tab.close();
      tab = world.openTab(name, device, route);
      return;
    }
    if (step.kind === 'wait') return sleep(step.ms);
    if (step.kind === 'meet') return sleep(step.ms - (now() % step.ms));
    const expires = world.history.expires.get(namedSession(calls.owner, step.session)) ?? 0;
    if (expires - step.ms > now()) await sleep(expires - step.ms - now());
  };

  const play = async (step: Step, label: string): Promise<void> => {
    if (isOfTab(step)) return pass(step);
    if (isOfWorld(step)) return world.happen(step);
    const called = calls.call(step, label);
    started.push(called);
    if (step.awaited) await called;
  };

  for (const [index, step] of plan.steps.entries()) {
    await world.schedule.turn(name);
    world.trace(`${name}:`, step);
    await play(step, `${name}, step ${index}`);
  }
  await Promise.all(started);
};

type WorldStep = Parameters<SimulatedDeployment['happen']>[0];

const OF_TAB = ['wait', 'meet', 'expiry', 'reopen'];
const OF_WORLD = ['outage', 'kill', 'shared away', 'shared lost', 'erase', 'job'];

const isOfTab = (step: Step): step is TabStep => OF_TAB.includes(step.kind);
const isOfWorld = (step: Step): step is WorldStep => OF_WORLD.includes(step.kind);
