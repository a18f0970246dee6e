import { createClient, Problem } from '@firebreak/client';
import { inventory } from '@firebreak/contract/prepare/inventory';
import { people } from '@firebreak/contract/prepare/people';
import { systemParts } from '@firebreak/contract/prepare/system-parts';
import { containment } from '@firebreak/contract/respond/containment';
import { AGENT } from './order-desk.ts';
import type { PromptVersion } from './prompts.ts';

export const SYSTEM = 'support-bot';
export const MODEL_ASKED = 'larkspur-small';
const params = { system: SYSTEM };

export interface Prepared {
  /** API key with the scopes `telemetry:write` and `feedback:write`. */
  readonly telemetryKey: string;
  /** API key with the scope `guard`. */
  readonly guardKey: string;
  /** Tells Firebreak that a prompt version went live. */
  readonly deployed: (prompt: PromptVersion, note: string) => Promise<void>;
}

/** Does what the owner of a system does once: register it, its features, its versions and its levers. Twice changes nothing. */
export async function prepare(serverUrl: string, adminKey: string): Promise<Prepared> {
  const client = createClient({ baseUrl: serverUrl, key: adminKey });
  const unless = async (code: string, work: Promise<unknown>): Promise<void> => {
    await work.catch((error) => {
      if (!(error instanceof Problem && error.code === code)) throw error;
    });
  };
  const deployed = async (prompt: PromptVersion, note: string, occurredAt?: string) => {
    await client.call(inventory.deploy, {
      params,
      body: {
        deployment: 'production',
        versions: { model: MODEL_ASKED, prompt },
        note,
        ...(occurredAt && { occurredAt }),
      },
    });
  };
  let isNew = true;
  await client
    .call(inventory.register, {
      body: {
        key: SYSTEM,
        name: 'Larkspur support bot',
        type: 'generative',
        purpose: 'Answers questions of customers about the subscription and their orders.',
        owner: 'Customer care',
        riskClass: 'limited',
        population: 'Customers of Larkspur Notes',
        regions: ['EU', 'US'],
        vendor: '',
        features: [
          { key: 'policy-answers', name: 'Answers about policies' },
          { key: 'order-status', name: 'Orders: where it is, and cancelling' },
          { key: 'greeting', name: 'Greeting and small talk' },
        ],
      },
    })
    .catch((error) => {
      if (!(error instanceof Problem && error.code === 'system.key-taken')) throw error;
      isNew = false;
    });
  if (isNew)
    await deployed('v40', 'Answers only from the articles.', new Date(Date.now() - 12 * 86_400_000).toISOString());
  const levers = [
    {
      name: 'Roll back the prompt to v40',
      what: { kind: 'route', from: { prompt: 'v41' }, to: { prompt: 'v40' } },
      sideEffects: 'Answers become longer and more careful again. Nothing else changes.',
    },
    {
      name: 'Stop answers about policies',
      what: {
        kind: 'disable',
        feature: 'policy-answers',
        message: 'A person will answer this question. We have it, and write to you within the hour.',
      },
      sideEffects: 'Questions about policies wait for a person: about 40 an hour. Orders and greetings go on.',
    },
    {
      name: 'Answers about policies for signed-in customers only',
      what: {
        kind: 'fence',
        feature: 'policy-answers',
        audience: 'authenticated',
        message: 'Please sign in to ask about your subscription.',
      },
      sideEffects: 'Visitors without an account get no answers about policies.',
    },
    {
      name: 'Take cancelling from the order desk',
      what: {
        kind: 'revoke',
        agent: AGENT,
        tools: ['cancel_order'],
        message: 'Cancelling is done by a person at the moment. We have your request.',
      },
      sideEffects: 'The agent still looks orders up; about 5 cancellations an hour wait for a person.',
    },
  ] as const;
  const tools = [
    { name: 'look_up_order', manifest: { effect: 'reads', agents: [AGENT] } },
    {
      name: 'cancel_order',
      manifest: {
        effect: 'writes',
        agents: [AGENT],
        reversible: 'yes',
        undo: { tool: 'reopen_order', arguments: { order: 'arguments.order' } },
      },
    },
  ] as const;
  for (const tool of tools) await client.call(systemParts.grantTool, { params, body: tool });
  for (const lever of levers)
    await unless('control.name-taken', client.call(containment.declareControl, { params, body: lever }));
  const keyWith = async (name: string, scopes: ('telemetry:write' | 'feedback:write' | 'guard')[]) =>
    (await client.call(people.createKey, { body: { name, scopes } })).secret;
  return {
    telemetryKey: await keyWith('support bot: telemetry', ['telemetry:write', 'feedback:write']),
    guardKey: await keyWith('support bot: guard', ['guard']),
    deployed: (prompt, note) => deployed(prompt, note),
  };
}
