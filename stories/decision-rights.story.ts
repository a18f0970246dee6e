import { signals } from '@firebreak/contract/detect/signals';
import { inventory } from '@firebreak/contract/prepare/inventory';
import { people } from '@firebreak/contract/prepare/people';
import { roleDirectory } from '@firebreak/contract/prepare/role-directory';
import { containment } from '@firebreak/contract/respond/containment';
import { decisionRights } from '@firebreak/contract/respond/decision-rights';
import { incidents } from '@firebreak/contract/respond/incidents';
import { SHIPPED } from '@firebreak/core/respond/decision-rights';
import type { Someone } from '@firebreak/world';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { findings, openStage, picture, type Stage, sideways } from './stage.ts';

let stage: Stage;
let theo: Someone;
let rosa: Someone;
let label: string;
let incident: `inc_${string}`;
beforeAll(async () => {
  stage = await openStage();
  const { world } = stage;
  theo = await world.person('Theo Lind', ['lead']);
  rosa = await world.person('Rosa Diaz', ['responder']);
  const { client } = world.ana;
  await client.call(inventory.register, {
    body: {
      key: 'support-bot',
      name: 'Support bot',
      type: 'generative',
      features: [{ key: 'answers', name: 'Answers' }],
    },
  });
  await client.call(containment.declareControl, {
    params: { system: 'support-bot' },
    body: { name: 'Stop the answers', what: { kind: 'disable', feature: 'answers' } },
  });
  await client.call(roleDirectory.seat, {
    params: { role: 'commander' },
    body: { primary: theo.id as never, secondary: null },
  });
  const declared = await client.call(incidents.declare, {
    body: { title: 'The bot invents a device policy', systems: ['support-bot'] },
  });
  label = declared.incident.label;
  incident = declared.incident.id as typeof incident;
});
afterAll(() => stage?.close());

it('says who may do what, and a lead changes it for one control', async () => {
  const { world } = stage;
  const page = await stage.page(theo);
  await page.goto(`${world.url}/systems/support-bot`);
  const table = page.getByRole('table', { name: /Decision rights/ });
  await table.getByText('Stop the answers').waitFor();
  await page.getByRole('button', { name: 'Change who may do what: Stop the answers' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('A second person for a pull').selectOption('before');
  await dialog.getByLabel('Within how many minutes').fill('10');
  const agree = dialog.getByRole('group', { name: /^Agree to let go/ });
  await agree.getByLabel('Administrator').check();
  await dialog.getByLabel('Why').fill('Agreed with the owner in October');
  expect(await findings(page)).toEqual([]);
  await picture(page, 'rights-dialog-1440-light');
  await dialog.getByRole('button', { name: 'Set it' }).click();
  await table.getByText('own rule').waitFor();
  await table.getByText('a second person agrees first, within 10 min').waitFor();
  expect(await findings(page)).toEqual([]);
  await table.scrollIntoViewIfNeeded();
  await picture(page, 'rights-matrix-1440-light');
  const phone = await stage.page(rosa, { width: 390, theme: 'dark' });
  await phone.goto(`${world.url}/systems/support-bot`);
  await phone.getByText('own rule').scrollIntoViewIfNeeded();
  expect(await sideways(phone)).toBe(0);
  expect(await phone.getByRole('button', { name: /^Change who may do what/ }).count()).toBe(0);
  await picture(phone, 'rights-matrix-390-dark');
});

it('a pull that is not wanted any more is taken back before anybody agrees', async () => {
  const { world } = stage;
  const { client } = rosa;
  const { controls } = await client.call(containment.listControls, { params: { system: 'support-bot' } });
  const pull = await client.call(containment.askPull, {
    params: { incident },
    body: { system: 'support-bot', control: controls[0]!.control, reason: 'It invents a policy.' },
  });
  const phone = await stage.page(rosa, { width: 390, theme: 'dark' });
  await phone.goto(world.url);
  const item = phone.getByRole('list', { name: 'Waiting for a second person' }).getByRole('listitem');
  await item.getByRole('button', { name: 'Take it back …' }).click();
  await item.getByLabel('Why it is not wanted any more').fill('It was meant for staging.');
  expect(await findings(phone)).toEqual([]);
  expect(await sideways(phone)).toBe(0);
  await picture(phone, 'take-back-390-dark');
  await item.getByRole('button', { name: 'Take it back', exact: true }).click();
  await item.waitFor({ state: 'detached' });
  const { pulls } = await client.call(containment.listPulls, { params: { incident } });
  expect(pulls.find((each) => each.pull === pull.pull)).toMatchObject({ state: 'withdrawn' });
});

it('a pull waits for a second person, who agrees with one press on the phone', async () => {
  const { world } = stage;
  const page = await stage.page(rosa);
  await page.goto(`${world.url}/incidents/${label}`);
  await page.getByRole('heading', { level: 1 }).getByText('The bot invents').waitFor();
  await page.keyboard.press('c');
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Stop the answers').check();
  await dialog.getByText('This control wants a second person').waitFor();
  await dialog.getByLabel('Why', { exact: true }).fill('It invents a policy of one device.');
  await dialog.getByRole('button', { name: 'Ask a second person' }).click();
  await page.getByText('Rosa Diaz wants to disable answers').first().waitFor();
  await page.getByText('You had your part in this.').first().waitFor();

  const phone = await stage.page(theo, { width: 390, theme: 'light' });
  await phone.goto(world.url);
  const item = phone.getByRole('list', { name: 'Waiting for a second person' }).getByRole('listitem');
  await item.getByText('Rosa Diaz wants to disable answers').waitFor();
  expect(await findings(phone)).toEqual([]);
  expect(await sideways(phone)).toBe(0);
  await picture(phone, 'waiting-now-390-light');
  // Meanwhile it would meet far more than whoever asked had seen: that is looked at first.
  const sends = await world.program('telemetry:write');
  await sends.call(signals.sendInteractions, {
    body: Array.from({ length: 60 }, (_, index) => ({
      id: `meanwhile-${index}`,
      system: 'support-bot',
      feature: 'answers',
      at: new Date(Date.now() - 60_000).toISOString() as never,
      input: 'How many devices?',
      output: 'One device only.',
    })),
  });
  await item.getByRole('button', { name: 'Agree and order' }).click();
  await item.getByText('Not ordered: it would meet something else than a moment ago').waitFor();
  await item.getByRole('button', { name: 'Agree to this' }).scrollIntoViewIfNeeded();
  expect(await findings(phone)).toEqual([]);
  expect(await sideways(phone)).toBe(0);
  await picture(phone, 'waiting-changed-390-light');
  const wide = await stage.page(theo, { theme: 'dark' });
  await wide.goto(world.url);
  await wide.getByRole('button', { name: 'Agree and order' }).click();
  await wide.getByRole('button', { name: 'Agree to this' }).waitFor();
  await picture(wide, 'waiting-changed-1440-dark');
  await item.getByRole('button', { name: 'Agree to this' }).click();
  await phone.getByText('Theo Lind agreed first').waitFor();
  await page.getByText('disable answers').first().waitFor();
});

it('the glass is broken in seconds, with the password asked in the middle, loudly, and put back by one press', async () => {
  const { world } = stage;
  await world.server.deps.db.query("update session set fresh_at = '2026-01-01T00:00:00.000Z' where person = $1", [
    theo.id,
  ]);
  const page = await stage.page(theo);
  await page.goto(`${world.url}/incidents/${label}/contain`);
  await page.getByRole('button', { name: 'Break the glass …' }).click();
  const dialog = page.getByRole('dialog', { name: /^Break the glass on HLD-/ });
  await dialog.getByLabel('Why it cannot wait for a second person').fill('Patients wait, and nobody else answers.');
  expect(await dialog.getByRole('button', { name: 'Break the glass' }).isDisabled()).toBe(true);
  await dialog.getByLabel('I let go alone, and answer for it').check();
  expect(await findings(page)).toEqual([]);
  await picture(page, 'break-glass-1440-light');
  await dialog.getByRole('button', { name: 'Break the glass' }).click();
  const again = page.getByRole('dialog', { name: 'Your password again' });
  await again.getByLabel('Password', { exact: true }).fill('not it');
  await again.getByRole('button', { name: 'Go on' }).click();
  await again.getByText('This is not your password.').waitFor();
  await picture(page, 'password-again-1440-light');
  await again.getByLabel('Password', { exact: true }).fill(theo.password);
  await page.keyboard.press('Enter');
  await page.getByText('The glass is broken: support-bot runs without').waitFor();
  expect(await page.getByRole('dialog').count()).toBe(0);

  const phone = await stage.page(world.ana, { width: 390, theme: 'dark' });
  for (const tab of ['', '/triage', '/evidence', '/people']) {
    await phone.goto(`${world.url}/incidents/${label}${tab}`);
    await phone.getByText('The glass is broken: support-bot runs without').waitFor();
  }
  await phone.goto(`${world.url}/incidents/${label}`);
  await phone.getByRole('button', { name: 'Agree that it was right' }).waitFor();
  expect(await findings(phone)).toEqual([]);
  expect(await sideways(phone)).toBe(0);
  await picture(phone, 'glass-broken-390-dark');
  await phone.getByRole('button', { name: 'Agree that it was right' }).click();
  await phone.getByText('1 of 2 others have agreed').waitFor();
  await picture(page, 'glass-broken-1440-light');
  await page.getByRole('button', { name: 'Hold everybody again' }).click();
  await page.getByText('The glass is broken: support-bot runs without').waitFor({ state: 'detached' });
});

it('a whole system is stopped by whoever types its name, without a mouse', async () => {
  const { world } = stage;
  await world.ana.client.call(decisionRights.set, {
    params: { system: 'support-bot', of: 'narrow' },
    body: { rule: { ...SHIPPED.narrow, second: { when: 'after', minutes: 20 } }, reason: 'four eyes' },
  });
  await rosa.client.call(containment.order, {
    params: { incident },
    body: { system: 'support-bot', what: { kind: 'retrieval', index: 'kb' }, reason: 'stale pages' },
  });
  const page = await stage.page(theo);
  await page.goto(world.url);
  await page.getByText('Rosa Diaz ordered:').waitFor();
  await page.keyboard.press('a');
  await page.keyboard.press('Enter');
  await page.getByText('Waiting for a second person · 1').waitFor();
  await page.goto(`${world.url}/incidents/${label}`);
  await page.getByRole('heading', { level: 1 }).getByText('The bot invents').waitFor();
  await page.keyboard.press('c');
  const dialog = page.getByRole('dialog');
  await dialog.getByText('Something that is not wired in advance').click();
  await dialog.getByLabel('Disable the whole system').check();
  await dialog.getByLabel('Why', { exact: true }).fill('Everything is wrong.');
  await dialog.getByText('Type support-bot to say that you mean all of it.').waitFor();
  await dialog.getByLabel('Type support-bot').fill('support-bot');
  await picture(page, 'contain-typed-1440-light');
  await page.keyboard.press('Enter');
  await page.getByText('disable the whole system').first().waitFor();
  const { holds } = await theo.client.call(containment.listHolds, { query: { system: 'support-bot' } });
  expect(holds.map(({ says, adopt }) => [says, adopt])).toContainEqual(['turn off kb', null]);
  expect((await theo.client.call(people.me, {})).may).toContain('containment.break-glass');
});

it('whoever was given the right too late is told whom to ask, and may not press again', async () => {
  const { world } = stage;
  const late = await world.person('Lena Late', ['lead']);
  const phone = await stage.page(late, { width: 390 });
  await phone.goto(`${world.url}/incidents/${label}/contain`);
  await phone.getByRole('button', { name: 'Lift …' }).first().click();
  const dialog = phone.getByRole('dialog');
  await dialog.getByLabel('Why it is safe to let go').fill('v42 passed the policy set');
  await dialog.getByRole('button', { name: 'Lift it' }).click();
  await dialog.getByText('You were given this right after the incident began').waitFor();
  await dialog.getByText(/Who may: [A-Z]/).waitFor();
  expect(await dialog.getByRole('button', { name: 'Lift it' }).count()).toBe(0);
  expect(await findings(phone)).toEqual([]);
  await picture(phone, 'lift-late-390-light');
});
