import { inventory } from '@firebreak/contract/prepare/inventory';
import { agentTokens } from '@firebreak/contract/respond/agent-tokens';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { findings, openStage, picture, type Stage, sideways } from './stage.ts';

const ISSUER = 'https://idp.example.com';
const AUDIENCE = 'https://firebreak.example.com';
let stage: Stage;
let page: Page;
let pair: Awaited<ReturnType<typeof generateKeyPair>>;

beforeAll(async () => {
  pair = await generateKeyPair('ES256', { extractable: true });
  stage = await openStage();
  page = await stage.page(stage.world.ana);
  await stage.world.ana.client.call(inventory.register, { body: { key: 'bot', name: 'Bot', type: 'agent' } });
});
afterAll(() => stage?.close());

it('believes an identity provider, ends the tokens it names, and says what came of each event', async () => {
  const { world } = stage;
  await page.goto(`${world.url}/settings`);
  await page.getByRole('button', { name: 'Believe a transmitter' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').fill('Our IdP');
  await dialog.getByLabel('Issuer').fill(ISSUER);
  await dialog.getByLabel('Whom its tokens are for').fill(AUDIENCE);
  await dialog.getByLabel('Pasted').check();
  await dialog.getByLabel('JWK set').fill('{"keys":');
  await dialog.getByRole('button', { name: 'Begin' }).click();
  await dialog.getByText('This is no JSON').waitFor();
  const jwk = { ...(await exportJWK(pair.publicKey)), kid: 'a' };
  await dialog.getByLabel('JWK set').fill(JSON.stringify({ keys: [jwk] }));
  expect(await findings(page)).toEqual([]);
  await picture(page, 'told-by-others-dialog-1440-light');
  await dialog.getByRole('button', { name: 'Begin' }).click();
  await page.getByText('nothing heard yet').waitFor();
  const address = new URL((await page.getByText(/\/ssf\/events\/trm_/).textContent())!).pathname;

  const app = await world.program('guard');
  const { access_token } = await app.call(agentTokens.issue, { body: { system: 'bot', agent: 'clerk' } });
  const push = async (jti: string, agent: string, type: string) => {
    const iat = Math.floor(Date.parse(world.now()) / 1_000);
    const events = { [`https://schemas.openid.net/secevent/caep/event-type/${type}`]: {} };
    const body = await new SignJWT({
      iss: ISSUER,
      aud: AUDIENCE,
      jti,
      iat,
      sub_id: { format: 'opaque', id: agent },
      events,
    })
      .setProtectedHeader({ alg: 'ES256', typ: 'secevent+jwt', kid: 'a' })
      .sign(pair.privateKey);
    return world.send('POST', address, { headers: { 'content-type': 'application/secevent+jwt' }, body });
  };
  for (const [jti, agent, type] of [
    ['1', 'clerk', 'session-revoked'],
    ['2', 'somebody-else', 'session-revoked'],
    ['3', 'clerk', 'session-established'],
  ] as const)
    expect((await push(jti, agent, type)).status).toBe(202);
  expect(await app.call(agentTokens.introspect, { body: { token: access_token } })).toEqual({ active: false });
  await page.reload();
  const heard = page.getByRole('list', { name: 'Events heard' });
  await heard.getByText('one token ended').waitFor();
  await heard.getByText('no token was issued here to an agent of this name').waitFor();
  await page.getByText('; one token ended').waitFor();
  await page.getByRole('list', { name: 'Transmitters' }).scrollIntoViewIfNeeded();
  expect(await findings(page)).toEqual([]);
  await picture(page, 'told-by-others-1440-light');

  const phone = await stage.page(world.ana, { width: 390, theme: 'dark' });
  await phone.goto(`${world.url}/settings`);
  await phone.getByRole('list', { name: 'Events heard' }).getByText('one token ended').waitFor();
  expect(await sideways(phone)).toBe(0);
  expect(await findings(phone)).toEqual([]);
  await picture(phone, 'told-by-others-390-dark');
});

it('offers server and rate of a tool, and says how a rate is written', async () => {
  const { world } = stage;
  for (const [on, name] of [
    [page, 'tool-form-1440-light'],
    [await stage.page(world.ana, { width: 390, theme: 'dark' }), 'tool-form-390-dark'],
  ] as const) {
    await on.goto(`${world.url}/systems/bot`);
    await on.getByRole('button', { name: 'Add a tool' }).click();
    const form = on.getByRole('dialog');
    await form.getByLabel('Name').fill('refund_order');
    await form.getByLabel('A call of it').selectOption('pays');
    await form.getByLabel('Of the MCP server').fill('crm');
    await form.getByLabel('How often it may be called').fill('often');
    await form.getByText('Write it so').waitFor();
    await form.getByLabel('How often it may be called').scrollIntoViewIfNeeded();
    expect(await sideways(on)).toBe(0);
    expect(await findings(on)).toEqual([]);
    await picture(on, name);
  }
});
