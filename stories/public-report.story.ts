import { reports } from '@firebreak/contract/detect/reports';
import { inventory } from '@firebreak/contract/prepare/inventory';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { findings, newContext, openStage, picture, type Stage, sideways, type Theme } from './stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
  await stage.world.ana.client.call(inventory.register, {
    body: {
      key: 'support-bot',
      name: 'Internal name of the bot',
      type: 'generative',
      owner: 'Support',
      features: [{ key: 'prices', name: 'Prices' }],
    },
  });
});
afterAll(() => stage?.close());

it('takes a report of a stranger without a script, shows it as unverified, and gives the answer back by its reference', async () => {
  const { world } = stage;
  // An administrator says under which name strangers see a system.
  const page = await stage.page(world.ana);
  await page.goto(`${world.url}/settings`);
  const card = page.locator('section', { hasText: 'Public reports' });
  await card.getByText('No AI system is named there.').waitFor();
  await card.getByRole('button', { name: 'Change …' }).click();
  const dialog = page.getByRole('dialog', { name: 'Public reports' });
  await dialog.getByLabel('Words above the form').fill('We read every report.');
  await dialog.getByLabel('How else you are reached').fill('help@example.com');
  await dialog.getByRole('button', { name: 'Name a system' }).click();
  await dialog.getByRole('textbox', { name: 'Public name 1' }).fill('Chat on the website');
  await dialog.getByLabel('AI system').selectOption('support-bot');
  await dialog.getByLabel('Feature').selectOption('prices');
  expect(await findings(page)).toEqual([]);
  await picture(page, 'public-report-settings-1440-light');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await card.getByText('Named there: Chat on the website (support-bot).').waitFor();
  expect(await findings(page)).toEqual([]);

  // A stranger, whose browser runs nothing.
  const context = await stage.browser.newContext({
    javaScriptEnabled: false,
    viewport: { width: 390, height: 844 },
    colorScheme: 'dark',
    isMobile: true,
    hasTouch: true,
  });
  const phone = await context.newPage();
  phone.setDefaultTimeout(10_000);
  await phone.goto(`${world.url}/report`);
  await phone.getByText('We read every report.').waitFor();
  await phone.getByLabel('What happened').fill('It said a repair costs 900 euros');
  await phone.getByLabel('What did it say or do').fill('Your repair costs 900 euros.');
  await phone.getByLabel('Which product').selectOption('Chat on the website');
  await phone.getByLabel('When').fill('this morning');
  await phone.getByLabel('A link to it').fill('https://chat.example.test/17');
  await phone.getByLabel('Yes').check();
  // Good enough for the browser, not for an address.
  await phone.getByLabel('Your e-mail address').fill('rosa@people');
  await phone.getByLabel('You may write to me').check();
  await phone.getByRole('button', { name: 'Send the report' }).tap();
  await phone.getByRole('alert').waitFor();
  await phone.goBack();
  expect(await phone.getByLabel('What happened').inputValue()).toBe('It said a repair costs 900 euros');
  expect(await phone.getByLabel('When').inputValue()).toBe('this morning');
  await phone.getByLabel('Your e-mail address').fill('rosa@people.example');
  await picture(phone, 'public-report-390-dark');
  await phone.getByRole('button', { name: 'Send the report' }).tap();
  await phone.getByRole('heading', { name: 'Thank you. Your report was received.' }).waitFor();
  const reference = (await phone.locator('.reference').textContent())!;
  expect(reference).toMatch(/^([0-9A-Z]{4}-){4}[0-9A-Z]{4}$/);
  await picture(phone, 'public-report-received-390-dark');

  // Somebody who judges: what was said, who may be written to, and the answer.
  await page.goto(`${world.url}/review`);
  const item = page.getByRole('listitem').filter({ hasText: 'It said a repair costs 900 euros' });
  await item.getByText('from outside, unverified').waitFor();
  await item.getByText('somebody may be harmed').waitFor();
  await item.getByRole('button', { expanded: false }).click();
  await item.getByText('Yes, says the reporter').waitFor();
  await item.getByText('Chat on the website').waitFor();
  await item.getByRole('link', { name: 'rosa@people.example' }).waitFor();
  expect(await item.getByRole('link', { name: 'chat.example.test' }).count()).toBe(0);
  await item.getByText('a person has looked at it, or is doing so').waitFor();
  expect(await findings(page)).toEqual([]);
  await picture(page, 'public-report-review-1440-light');
  await item.getByRole('button', { name: 'Answered', exact: true }).click();
  await item.getByLabel('Why').fill('The price was corrected');
  await item.getByRole('button', { name: 'Decide', exact: true }).click();
  // Who decides first can answer afterwards.
  const decided = page.getByRole('list', { name: 'Decided' });
  await decided.getByRole('button', { name: 'Open the report' }).click();
  await decided.getByLabel('Answer to the reporter').fill('A repair costs 90 euros. We corrected it.');
  expect(await findings(page)).toEqual([]);
  await decided.getByRole('button', { name: 'Give this answer' }).click();
  await decided.getByText('The reporter is told: answered.').waitFor();
  await picture(page, 'public-report-decided-1440-light');

  await phone.goto(`${world.url}/report/status`);
  await phone.getByLabel('Reference').fill(reference.toLowerCase());
  await phone.getByRole('button', { name: 'Look' }).tap();
  await phone.getByText('A repair costs 90 euros. We corrected it.').waitFor();
  await phone.getByText('It was answered.').waitFor();
  await context.close();
});

it('is read, filled in and refused well on every screen, in both themes', async () => {
  const { world } = stage;
  for (const [width, theme] of [
    [1440, 'light'],
    [390, 'dark'],
    [1440, 'dark'],
    [390, 'light'],
  ] as const satisfies readonly (readonly [1440 | 390, Theme])[]) {
    const context = await newContext(stage.browser, { width, theme });
    const page = await context.newPage();
    page.setDefaultTimeout(10_000);
    const looks = async (name: string) => {
      // The pages allow no script; axe comes in past that.
      expect([name, width, theme, await findings(page)]).toEqual([name, width, theme, []]);
      expect(await sideways(page)).toBe(0);
      await picture(page, `public-${name}-${width}-${theme}`);
    };
    await page.goto(`${world.url}/report`);
    await looks('report');
    await page.getByRole('button', { name: 'Send the report' }).click();
    // Nothing was said: the browser asks for it, and nothing is sent.
    expect(page.url()).toBe(`${world.url}/report`);
    await page.getByLabel('What happened').fill(`Seen ${width} ${theme}`);
    await page.getByRole('button', { name: 'Send the report' }).click();
    await page.getByText('within 24 hours').waitFor();
    await looks('received');
    await page.goto(`${world.url}/report/status`);
    await page.getByLabel('Reference').fill('0000-0000');
    await page.getByRole('button', { name: 'Look' }).click();
    await page.getByRole('alert').waitFor();
    await looks('refused');
    await context.close();
  }
});

it('is for people whose role does not declare, and says where it is off', async () => {
  const { world } = stage;
  const nobody = await stage.page(null);
  await nobody.goto(`${world.url}/sign-in`);
  await nobody.getByRole('link', { name: 'report a failure' }).click();
  await nobody.getByRole('heading', { name: 'Report a failure of an AI system' }).waitFor();
  const vera = await world.person('Vera Holm', ['viewer']);
  const page = await stage.page(vera);
  await page.goto(`${world.url}/`);
  await page.getByText('Nothing burns').waitFor();
  await page.keyboard.press('d');
  await page.getByRole('dialog').getByRole('link', { name: 'report the failure' }).click();
  await page.getByLabel('What happened').fill('A colleague saw it lie');
  await page.getByRole('button', { name: 'Send the report' }).click();
  await page.getByText('Your report was received').first().waitFor();

  await world.ana.client.call(reports.setForm, {
    body: { on: false, names: [], intro: '', organisation: 'help@example.com' },
  });
  await page.goto(`${world.url}/report`);
  await page.getByText('How else to reach us: help@example.com').waitFor();
  expect(await page.getByRole('textbox').count()).toBe(0);
  expect(await findings(page)).toEqual([]);
});
