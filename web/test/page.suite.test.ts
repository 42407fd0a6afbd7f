import assert from 'node:assert/strict';
import { env } from 'node:process';
import type { Browser, Locator, Page } from 'playwright-core';
import { launchChromium } from './chromium.ts';

/** How long the page may take for one step: the Functions emulator starts a process for each parallel call. */
const STEP_MS = 30_000;

type AddMessageAnswer = (input: { session_id: string; message_id: string }) => object;

describe('the page, in Chromium', function () {
  this.timeout(6 * STEP_MS);
  // Each step goes on where the one before it left the page.
  this.bail(true);
  let browser: Browser;
  let page: Page;
  const complaints: string[] = [];

  before(async function () {
    browser = await launchChromium(this);
    page = await (await browser.newContext({ locale: 'en-GB' })).newPage();
    page.setDefaultTimeout(STEP_MS);
    page.on('console', (line) => line.type() === 'error' && complaints.push(line.text()));
    page.on('pageerror', (error) => complaints.push(String(error)));
    await page.goto(`http://${env.KB_SUITE_HOSTING}/`);
  });

  after(async () => browser?.close());

  afterEach(() => {
    assert.deepEqual(complaints.splice(0), []);
  });

  const button = (name: string): Locator => page.getByRole('button', { name, exact: true });
  const messages = (): Locator => page.getByRole('log', { name: 'Messages' }).getByRole('listitem');
  const past = (): Locator => page.getByRole('navigation').getByRole('listitem');
  const ask = async (question: string) => {
    await page.getByLabel('Your message').fill(question);
    await page.keyboard.press('Enter');
  };

  /** Waits until the counters are these, as the trigger leaves them, and fails with what they are otherwise. */
  const counters = async (expected: Record<string, string>) => {
    const read = () =>
      page
        .locator('dl[aria-label="Counters"] > div')
        .evaluateAll((rows) =>
          Object.fromEntries(
            rows.map((row) => [row.querySelector('dt')?.textContent, row.querySelector('dd')?.textContent]),
          ),
        );
    const deadline = Date.now() + STEP_MS;
    let found = await read();
    while (Date.now() < deadline && JSON.stringify(found) !== JSON.stringify(expected)) {
      await page.waitForTimeout(50);
      found = await read();
    }
    assert.deepEqual(found, expected);
  };

  it('signs a user in and opens a session', async () => {
    await button('Continue as Thandi').click();
    await page.getByText('Nothing here yet.').waitFor();
    await button('New conversation').click();
    await page.getByLabel('Your message').waitFor();
    await past().getByText('Open').waitFor();
    await counters({
      Messages: '0',
      Questions: '0',
      Confidence: '–',
      Escalations: '0',
      Helpful: '0',
      'Not helpful': '0',
    });
  });

  it('displays the question, the answer and their counters', async () => {
    await ask('What does erf size mean? <b>Bold</b>');
    await messages().filter({ hasText: 'What does erf size mean? <b>Bold</b>' }).waitFor();
    await messages().filter({ hasText: 'The erf size is the area' }).waitFor();
    assert.equal(await messages().count(), 2);
    await counters({
      Messages: '2',
      Questions: '1',
      Confidence: '92 %',
      Escalations: '0',
      Helpful: '0',
      'Not helpful': '0',
    });
  });

  it('sends a message once after several presses of Enter', async () => {
    await page.getByLabel('Your message').fill('How will prices develop?');
    for (let i = 0; i < 3; i++) await page.keyboard.press('Enter');
    await messages().filter({ hasText: 'I do not know that.' }).waitFor();
    // Messages go out one after another: a second copy would be there before the answer to this one.
    await ask('Who keeps the title deed?');
    await messages().filter({ hasText: 'The title deed is' }).waitFor();
    await counters({
      Messages: '6',
      Questions: '3',
      Confidence: '64 %',
      Escalations: '0',
      Helpful: '0',
      'Not helpful': '0',
    });
    assert.equal(await messages().count(), 6);
  });

  it('rates an answer and escalates', async () => {
    const answer = messages().filter({ hasText: 'The erf size is' });
    await answer.getByRole('button', { name: 'Helpful', exact: true }).click();
    await answer.getByRole('button', { name: 'Helpful', exact: true, pressed: true }).waitFor();
    await button('Ask a person').click();
    await page.getByText('A person will take over this conversation.').waitFor();
    await page.getByRole('main').getByText('With a person').waitFor();
    await counters({
      Messages: '6',
      Questions: '3',
      Confidence: '64 %',
      Escalations: '1',
      Helpful: '1',
      'Not helpful': '0',
    });
  });

  it('continues the session after a reload', async () => {
    await page.reload();
    await messages().nth(5).waitFor();
    await messages().getByRole('button', { name: 'Helpful', exact: true, pressed: true }).waitFor();
    assert.equal(await page.getByLabel('Your message').isVisible(), true);
  });

  it('ends the session and lists it among the readable past ones', async () => {
    await button('End this conversation').click();
    await past().getByText('Ended').waitFor();
    await page.reload();
    await past().getByText('6 messages').waitFor();
    await page.getByText('Begin a new conversation').waitFor();
    await past().getByRole('button').click();
    await messages().filter({ hasText: 'The erf size is' }).waitFor();
    assert.equal(await messages().count(), 6);
    await page.getByText('This conversation is over.').waitFor();
    assert.equal(await page.getByLabel('Your message').isVisible(), false);
  });

  /** Answers each addMessage in the server's place, as `answer` says. */
  const inOutage = async (answer: AddMessageAnswer) => {
    let current = answer;
    await page.route('**/sessions/addMessage', async (route) => {
      const { data } = route.request().postDataJSON();
      await route.fulfill({ json: current(data), headers: { 'access-control-allow-origin': '*' } });
    });
    return {
      /** Changes the answer without a moment in which the server itself would answer. */
      change: (next: AddMessageAnswer) => {
        current = next;
      },
      end: () => page.unroute('**/sessions/addMessage'),
    };
  };
  const volatile = ({ session_id, message_id }: { session_id: string; message_id: string }) => ({
    result: {
      session_id,
      message_id,
      seq: null,
      durability: 'volatile',
      held_by: 'a journal',
      recovered: false,
      rolled_over: false,
      context: null,
      context_complete: null,
    },
  });
  const waiting = (count: number): Locator =>
    page.getByRole('status').getByText(`Waiting to be saved: ${count}`);

  it('displays pending messages, even after a reload, until they are saved', async () => {
    await button('New conversation').click();
    await page.getByText('Begin a new conversation').waitFor({ state: 'hidden' });
    await messages().first().waitFor({ state: 'detached' });
    const outage = await inOutage(volatile);
    await ask('Is this kept?');
    await messages().filter({ hasText: 'Is this kept?' }).filter({ hasText: 'Not saved yet' }).waitFor();
    await waiting(1).waitFor();
    await page.reload();
    await messages().filter({ hasText: 'Is this kept?' }).filter({ hasText: 'Not saved yet' }).waitFor();
    await waiting(1).waitFor();
    await outage.end();
    await waiting(1).waitFor({ state: 'hidden' });
    await messages().getByText('Not saved yet').waitFor({ state: 'hidden' });
    assert.equal(await messages().filter({ hasText: 'Is this kept?' }).count(), 1);
  });

  it('reports a permanently refused message', async () => {
    const outage = await inOutage(volatile);
    await ask('Will this be refused?');
    await waiting(1).waitFor();
    const message = 'the primary has refused this for good';
    outage.change(() => ({
      error: { status: 'FAILED_PRECONDITION', message, details: { reason: 'refused' } },
    }));
    await page.getByText('Not saved: Will this be refused? – The service has refused it for good.').waitFor();
    assert.equal(await messages().filter({ hasText: 'Will this be refused?' }).count(), 0);
    await waiting(1).waitFor({ state: 'hidden' });
    await outage.end();
  });

  it('signs a user out', async () => {
    await button('Sign out').click();
    await button('Sign in').waitFor();
    assert.equal(await past().count(), 0);
  });
});
