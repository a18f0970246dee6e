import { signals } from '@firebreak/contract/detect/signals';
import { inventory } from '@firebreak/contract/prepare/inventory';
import { systemParts } from '@firebreak/contract/prepare/system-parts';
import { agentTokens } from '@firebreak/contract/respond/agent-tokens';
import { containment } from '@firebreak/contract/respond/containment';
import { incidents } from '@firebreak/contract/respond/incidents';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { findings, openStage, picture, type Stage, sideways } from './stage.ts';

let stage: Stage;
let room: string;
beforeAll(async () => {
  stage = await openStage();
  const { world } = stage;
  const { client } = world.ana;
  await client.call(inventory.register, { body: { key: 'clerk-bot', name: 'Clerk', type: 'agent' } });
  const params = { system: 'clerk-bot' };
  const undo = { tool: 'cancel_refund', arguments: { id: 'result.id' }, instruction: 'Tell the customer.' };
  const limits = [{ argument: 'amount', most: 50 }];
  await client.call(systemParts.grantTool, {
    params,
    body: { name: 'refund', manifest: { effect: 'pays', limits, undo } },
  });
  await client.call(systemParts.grantTool, {
    params,
    body: { name: 'send_mail', manifest: { effect: 'sends', reversible: 'no' } },
  });
  const program = await world.program('telemetry:write', 'guard');
  const call = (n: number, name: string, given: object) => ({
    id: `c${n}`,
    system: 'clerk-bot',
    agent: 'clerk',
    provider: 'mcp:desk',
    source: 'gateway' as const,
    verdict: { action: 'allow' as const },
    toolCalls: [{ name, arguments: JSON.stringify(given), result: '{"id":"rf_17"}' }],
  });
  await program.call(signals.sendInteractions, {
    body: [
      call(1, 'refund', { amount: 900, order: 'ORD-12' }),
      call(2, 'send_mail', { to: 'somebody@elsewhere.example' }),
    ] as never,
  });
  await program.call(agentTokens.issue, { body: { system: 'clerk-bot', agent: 'clerk' } });
  await world.settle();
  const { incident } = await client.call(incidents.declare, {
    body: { title: 'A planted mail makes the clerk pay', systems: ['clerk-bot'] },
  });
  room = `/incidents/${incident.label}/contain`;
  await client.call(containment.order, {
    params: { incident: incident.id },
    body: { system: 'clerk-bot', what: { kind: 'revoke', agent: 'clerk' }, reason: 'It was hijacked.' } as never,
  });
});
afterAll(() => stage?.close());

it('shows what an agent did before it was revoked, and has somebody answer for each of it', async () => {
  const { world } = stage;
  const page = await stage.page(world.ana);
  await page.goto(`${world.url}${room}`);
  await page.getByText('Who checks signatures alone may believe one until').waitFor();
  await page.getByRole('link', { name: 'What agents did, and how it is undone' }).waitFor();
  // It is looked for by itself, some seconds after the order.
  await page.getByText('2 wait for an answer.').waitFor({ timeout: 60_000 });
  await page.getByText('Call cancel_refund with id "rf_17". Tell the customer.').waitFor();
  await page.getByRole('list', { name: 'Calls of agents' }).getByText('at most 50 is allowed').waitFor();
  expect(await findings(page)).toEqual([]);
  await picture(page, 'action-audit-1440-light');
  await page.getByRole('checkbox', { name: /^refund at/ }).check();
  await page.getByRole('button', { name: 'Answer for 1 …' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('How you know, or why').fill('Cancelled rf_17 and phoned the customer.');
  expect(await findings(page)).toEqual([]);
  await dialog.getByRole('button', { name: 'Say so' }).click();
  await page.getByText('1 wait for an answer.').waitFor();

  const phone = await stage.page(world.ana, { width: 390, theme: 'dark' });
  await phone.goto(`${world.url}${room}`);
  await phone.getByLabel('Calls', { exact: true }).selectOption({ label: 'all calls' });
  await phone.getByText('“Cancelled rf_17 and phoned the customer.”').waitFor();
  expect(await findings(phone)).toEqual([]);
  expect(await sideways(phone)).toBe(0);
  await picture(phone, 'action-audit-390-dark');
});
