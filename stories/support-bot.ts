import { signals } from '@firebreak/contract/detect/signals';
import { inventory } from '@firebreak/contract/prepare/inventory';
import { people } from '@firebreak/contract/prepare/people';
import { containment } from '@firebreak/contract/respond/containment';
import { USUAL_STANDING } from '@firebreak/core/respond/containment';
import { createGuard, type Guard } from '@firebreak/guard';
import type { World } from '@firebreak/world';

export const ago = (minutes: number): string => new Date(Date.now() - minutes * 60_000).toISOString();

/** Registers a support bot with versions and two controls wired in advance. */
export async function supportBot({ ana }: World): Promise<void> {
  const { client } = ana;
  await client.call(inventory.register, {
    body: {
      key: 'support-bot',
      name: 'Meridian Support',
      type: 'generative',
      purpose: 'Answers customers about orders, plans and policies.',
      owner: 'Support engineering',
      riskClass: 'limited',
      population: 'Customers in the EU',
      regions: ['DE', 'FR'],
      features: [
        { key: 'policy-answers', name: 'Policy answers' },
        { key: 'order-status', name: 'Order status' },
      ],
    },
  });
  const versions = [
    [3 * 1_440, { model: 'gpt-4.1-mini', prompt: 'v40' }, 'Passed the policy set'],
    [48, { prompt: 'v41' }, 'Shorter answers'],
  ] as const;
  for (const [minutes, change, note] of versions)
    await client.call(inventory.deploy, {
      params: { system: 'support-bot' },
      body: { deployment: 'production', versions: change, occurredAt: ago(minutes), note },
    });
  // Twelve hours from now: no control is tested because a story happens to be told at night.
  const quietHour = (new Date().getUTCHours() + 12) % 24;
  const standing = { ...USUAL_STANDING, plan: { ...USUAL_STANDING.plan, quietHour } };
  await client.call(containment.declareControl, {
    params: { system: 'support-bot' },
    body: {
      standing,
      name: 'Back to prompt v40',
      what: { kind: 'route', feature: 'policy-answers', from: { prompt: 'v41' }, to: { prompt: 'v40' } },
      sideEffects: 'Answers get longer again',
    },
  });
  await client.call(containment.declareControl, {
    params: { system: 'support-bot' },
    body: { standing, name: 'Stop policy answers', what: { kind: 'disable', feature: 'policy-answers' } },
  });
}

/** Real guards of the bot, connected over real sockets. */
export async function guards({ url, ana }: World, ...instances: string[]): Promise<Guard[]> {
  const { secret } = await ana.client.call(people.createKey, {
    body: { name: 'support-bot guards', scopes: ['guard'] },
  });
  const all = await Promise.all(
    instances.map((instance) =>
      createGuard({ url, key: secret, system: 'support-bot', instance, bootFailMode: 'allow' }),
    ),
  );
  await Promise.all(all.map((guard) => guard.ready()));
  return all;
}

const QUESTIONS = [
  'Why was I signed out on my tablet?',
  'Can I use my account on two phones?',
  'How many devices can I use?',
  'Is there a device limit?',
];

/** Six wrong answers and two complaints about them: what a candidate is made of. */
export async function wrongAnswers(world: World): Promise<void> {
  const client = await world.program('telemetry:write', 'feedback:write');
  await client.call(signals.sendInteractions, {
    body: QUESTIONS.map((question, index) => ({
      id: `wrong-${index}`,
      system: 'support-bot',
      feature: 'policy-answers',
      deployment: 'production',
      at: ago(12 - index),
      versions: { model: 'gpt-4.1-mini', prompt: 'v41' },
      subject: `customer-${index}`,
      input: [{ role: 'user', content: question }],
      output: 'Your plan covers one device per subscription, so the second login was signed out on purpose.',
      retrieved: [
        {
          id: 'kb-7',
          title: 'Signing in',
          text: 'You can sign in on any phone, tablet or TV with your e-mail address.',
        },
      ],
    })),
  });
  await client.call(signals.sendFeedback, {
    body: [
      'Since when one device per subscription? Not in my contract!',
      'The bot claims one device per subscription',
    ].map((text, index) => ({
      id: `complaint-${index}`,
      system: 'support-bot',
      feature: 'policy-answers',
      at: ago(6 - index),
      kind: 'thumbs-down' as const,
      text,
      subject: `customer-${index}`,
      interaction: `wrong-${index}`,
    })),
  });
}
